import type { App } from '../../model/app.ts';
import { type Failure, fail, isFailure, together } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { look } from '../changes.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { type Remembered, rememberLive } from '../previous.ts';
import { schemaSeen } from '../schema-seen.ts';
import { done, type Step } from '../step.ts';

/** What the check leaves for later steps. */
export interface Checked {
  /** Nothing is to do: the same release runs everywhere, its schema is there. */
  readonly unchanged: boolean;
  /** What ran before, by home. */
  readonly previous: Readonly<Record<string, Remembered>>;
}

export const check: Step = {
  name: 'check',
  summary: 'Looks at every home, and at every secret, before anything is changed.',
  async run(context) {
    const missing = together(context.homes.flatMap(({ app }) => missingSecrets(context, app)));
    if (missing) return missing;
    const looked = await lookAtHomes(context);
    if (isFailure(looked)) return looked;
    const schema = await schemaIsThere(context);
    if (isFailure(schema)) return schema;
    const { changes, previous } = looked;
    const unchanged = changes === 0 && schema && !context.options.unmigrate;
    const message = unchanged
      ? 'nothing to change'
      : `${changes} ${changes === 1 ? 'change' : 'changes'} to make`;
    return done(message, { unchanged, previous } satisfies Checked);
  },
};

async function lookAtHomes(context: DeployContext) {
  let changes = 0;
  const previous: Record<string, Remembered> = {};
  for (const home of context.homes) {
    const looked = await look(home, home.app, context.reveal, context.signal);
    if (isFailure(looked)) return looked;
    changes += looked.changes.length;
    const seen = await rememberSchema(context, home, looked.live);
    if (seen) return seen;
    const before = await rememberLive(context, home, looked.live);
    if (isFailure(before)) return before;
    if (before) previous[home.name] = before;
  }
  return { changes, previous };
}

/** A store that was lost learns again which schema is there: what was migrated once is not migrated again. */
async function rememberSchema(
  { store, app, environment }: DeployContext,
  { platform, target, residency }: DeployHome,
  live: readonly NativeObject[],
): Promise<Failure | undefined> {
  if (!residency.duty) return undefined;
  const schema = await schemaSeen(store, platform.read(live, target).releases[app]);
  if (schema === undefined || isFailure(schema)) return schema;
  return await store.recordSchema(app, environment, schema, true);
}

function missingSecrets({ reveal }: DeployContext, app: App): Failure[] {
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

/** Whether the app ran in any of the homes before. */
export function ranBefore({ outputs }: DeployContext): boolean {
  return Object.keys((outputs.get('check') as Checked | undefined)?.previous ?? {}).length > 0;
}
