import { fail, isFailure, together } from '../../model/failure.ts';
import { changesFor } from '../changes.ts';
import type { DeployContext } from '../context.ts';
import { type Previous, readLive } from '../previous.ts';
import { done, type Step } from '../step.ts';

/** What the check leaves for later steps. */
export interface Checked {
  /** Writes that were due in all homes. */
  readonly changes: number;
  /** Nothing is to do: the same release runs, its schema is there. */
  readonly unchanged: boolean;
  /** What ran before, by home, where the store does not know it. */
  readonly found: Readonly<Record<string, Previous>>;
}

export const check: Step = {
  name: 'check',
  summary: 'Looks at every home, and at every secret, before anything is changed.',
  async run(context) {
    const missing = together(context.homes.flatMap(({ app }) => missingSecrets(context, app)));
    if (missing) return missing;
    let changes = 0;
    const found: Record<string, Previous> = {};
    for (const home of context.homes) {
      const due = await changesFor(home, home.app, context.reveal, context.signal);
      if (isFailure(due)) return due;
      changes += due.length;
      const live = context.options.previous[home.name]
        ? undefined
        : await readLive(home, context.reveal, context.signal);
      if (isFailure(live)) return live;
      if (live) found[home.name] = live;
    }
    const schema = await schemaIsThere(context);
    if (isFailure(schema)) return schema;
    const unchanged = changes === 0 && schema;
    const message = unchanged
      ? 'nothing to change'
      : `${changes} ${changes === 1 ? 'change' : 'changes'} to make`;
    return done(message, { changes, unchanged, found } satisfies Checked);
  },
};

function missingSecrets({ reveal }: DeployContext, app: DeployContext['homes'][number]['app']) {
  const workloads = [...app.services, ...app.jobs, ...app.crons];
  return workloads
    .flatMap(({ env }) => Object.entries(env))
    .flatMap(([name, value]) => {
      if (typeof value === 'string') return [];
      const secret = reveal(value);
      return isFailure(secret) ? [fail('missing-secret', `${name}: ${secret.message}`, secret)] : [];
    });
}

async function schemaIsThere({ store, app, environment, homes }: DeployContext) {
  const schema = homes[0]?.app.schema;
  return schema === undefined ? true : await store.schemaRecorded(app, environment, schema);
}

/** Whether the check found nothing to do; steps that only judge a new release are skipped then. */
export function isUnchanged({ outputs }: DeployContext): boolean {
  return (outputs.get('check') as Checked | undefined)?.unchanged === true;
}
