import { done, type Step } from '../step.ts';

/** Features that provision (database user and schema, vhost and queue) hang their work in here. */
export const ensure: Step = {
  name: 'ensure',
  summary: 'Makes sure that what the app needs beside itself is there.',
  async run({ homes }) {
    const bindings = new Set(homes.flatMap(({ app }) => app.services.flatMap(({ env }) => Object.keys(env))));
    return done(`${bindings.size} settings bound; backing services are configured, not made, here`);
  },
};
