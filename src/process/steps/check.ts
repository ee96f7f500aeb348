import type { Env } from '../../model/app.ts';
import { type Failure, isFailure, together } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { partOf } from '../changes.ts';
import type { DeployContext, DeployHome, Outputs } from '../context.ts';
import { type Behind, forgiven } from '../dark.ts';
import { foresee } from '../foresee.ts';
import { type Remembered, rememberLive, runs } from '../previous.ts';
import { schemaSeen } from '../schema-seen.ts';
import { done, type Step } from '../step.ts';

/** What the check leaves for later steps. */
export interface Checked extends Behind {
  /** Nothing is to do: the same release runs everywhere, its schema is there. */
  readonly unchanged: boolean;
  /** Whether periodic tasks are among what is to be changed. */
  readonly changesCrons: boolean;
  /** What ran before, by home. */
  readonly previous: Readonly<Record<string, Remembered>>;
}

export const check: Step = {
  name: 'check',
  summary: 'Looks at every home, and at every secret, before anything is changed.',
  async run(context) {
    const missing = together(context.homes.flatMap((home) => missingSecrets(context, home)));
    if (missing) return missing;
    const looked = await lookAtHomes(context);
    if (isFailure(looked)) return looked;
    const schema = await schemaIsThere(context);
    if (isFailure(schema)) return schema;
    const { changes, changesCrons, previous, behind } = looked;
    const unchanged = changes === 0 && schema && !context.options.unmigrate;
    const message = unchanged
      ? 'nothing to change'
      : `${changes} ${changes === 1 ? 'change' : 'changes'} to make`;
    const output: Checked = { unchanged, changesCrons, previous, behind: Object.keys(behind) };
    return done([message, ...Object.values(behind)].join('; '), output);
  },
};

async function lookAtHomes(context: DeployContext) {
  let changes = 0;
  let changesCrons = false;
  const previous: Record<string, Remembered> = {};
  const behind: Record<string, string> = {};
  for (const home of context.homes) {
    const looked = await foresee(home, context.id, context);
    if (forgiven(context, home, looked)) {
      behind[home.name] = `${home.name} has no share and stays behind: ${looked.message}`;
      continue;
    }
    if (isFailure(looked)) return looked;
    changes += looked.changes.length;
    changesCrons ||= looked.changes.some((change) => partOf(home, change) === 'crons');
    const seen = await rememberSchema(context, home, looked.live);
    if (seen) return seen;
    const before = await rememberLive(context, home, looked.live);
    if (isFailure(before)) return before;
    if (before) previous[home.name] = before;
  }
  return { changes, changesCrons, previous, behind };
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

function missingSecrets({ reveal }: DeployContext, { app, platform }: DeployHome): Failure[] {
  const { ownSecrets } = platform.capabilities;
  const missing = (env: Env, here: (ref: string) => boolean): Failure[] =>
    Object.entries(env).flatMap(([name, value]) => {
      if (typeof value === 'string' || !here(value.ref)) return [];
      const secret = reveal(value);
      return isFailure(secret) ? [{ ...secret, message: `${name}: ${secret.message}` }] : [];
    });
  const workloads = [...app.services, ...app.jobs, ...app.crons];
  return [
    ...workloads.flatMap(({ env }) =>
      missing(env, (ref) => ownSecrets === undefined || !ref.startsWith(ownSecrets)),
    ),
    // What rehome makes by itself, it makes from here.
    ...(app.backing ?? []).flatMap(({ feature, spec }) =>
      missing(spec, () => true).map((one) => ({ ...one, message: `${feature}: ${one.message}` })),
    ),
  ];
}

async function schemaIsThere({ store, app, environment, homes }: DeployContext) {
  const schema = homes[0]?.app.schema;
  return schema === undefined ? true : await store.schemaRecorded(app, environment, schema);
}

/** Whether the check found nothing to do; steps that only judge a new release are skipped then. */
export function isUnchanged({ outputs }: DeployContext): boolean {
  return (outputs.get('check') as Checked | undefined)?.unchanged === true;
}

/** After a failure: homes that the deployment came to first, and where nothing of the app was before. */
export function leftAfter({ arrives = [] }: DeployContext['options'], outputs: Outputs): readonly string[] {
  return arrives.filter((home) => !ranIn(outputs, home));
}

/** Whether there is anything to do about periodic tasks. */
export function hasCrons({ outputs, homes }: DeployContext): boolean {
  const checked = outputs.get('check') as Checked | undefined;
  return checked?.changesCrons !== false || homes.some(({ app }) => app.crons.length > 0);
}

/** Whether the app ran in any of the homes before. */
export function ranBefore({ homes, outputs }: DeployContext): boolean {
  return homes.some(({ name }) => ranIn(outputs, name));
}

function ranIn(outputs: Outputs, home: string): boolean {
  const before = (outputs.get('check') as Checked | undefined)?.previous[home];
  return before !== undefined && ('deployment' in before || runs(before.app));
}
