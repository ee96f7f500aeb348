import { note } from '../model/note.ts';
import type { Rule } from './rule.ts';

export const noHealthCheck: Rule = {
  id: 'no-health-check',
  summary: 'A service that listens on a port has a health check.',
  doc: `Without a health check, a new version counts as well as soon as its process runs: one that starts and
answers every request with an error is rolled out to the end. \`health: {path: /health}\` in the manifest or in
the conventions lets the deployment see it and go back.`,
  check({ built }) {
    return built.app.services
      .filter(({ port, health, instances }) => port !== undefined && !health && instances > 0)
      .map(({ name }) =>
        note('no-health-check', 'info', `${name} has no health check: running counts as healthy.`, {
          hint: 'add health: {path: /health} to the manifest, or to conventions in rehome.yaml',
          place: built.place('app_name'),
          subject: `service ${name}`,
        }),
      );
  },
};
