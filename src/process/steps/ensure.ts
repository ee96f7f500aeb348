import { done, type Step } from '../step.ts';

/** Features that provision (database user and schema, vhost and queue) hang their work in here. */
export const ensure: Step = {
  name: 'ensure',
  summary: 'Makes sure that what the app needs beside itself is there.',
  async run({ homes }) {
    const bindings = new Set(homes.flatMap(({ app }) => app.services.flatMap(({ env }) => Object.keys(env))));
    const variables = bindings.size === 1 ? '1 variable' : `${bindings.size} variables`;
    return done(`env of ${variables}; nothing had to be made`);
  },
};
