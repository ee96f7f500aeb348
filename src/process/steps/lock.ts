import { done, type Step } from '../step.ts';

/** The lock is taken in the very transaction that begins the deployment; this step makes it visible. */
export const lock: Step = {
  name: 'lock',
  summary: 'Keeps other deployments of the app in this environment out.',
  async run({ app, environment, id }) {
    return done(`${app} in ${environment} is locked for ${id}`);
  },
};
