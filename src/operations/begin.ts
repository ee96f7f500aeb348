import { randomBytes } from 'node:crypto';
import type { Deployment, Models } from '../model/deployment.ts';
import { type ErrorCode, errors } from '../model/errors.ts';
import { type Failure, fail, isFailure, together } from '../model/failure.ts';
import { settle } from '../model/work.ts';
import type { DeployOptions } from '../process/context.ts';
import type { Claim, DeploymentStart } from '../store/store.ts';
import type { Watch } from './operations.ts';
import { type Prepared, standingIn } from './prepare.ts';
import { processOf } from './process-of.ts';
import type { Wired } from './wired.ts';

const lockPollMs = 250;

export interface Beginning {
  readonly action: Deployment['action'];
  readonly prepared: Prepared;
  readonly skip: readonly string[];
  readonly unmigrate?: DeployOptions['unmigrate'];
  readonly lockWaitMs: number;
  /** Begin it for another process to carry on. */
  readonly detach: boolean;
  /** The move that it is part of. */
  readonly move?: string;
}

/** Writes a deployment into the journal and takes the lock, waiting for it as long as allowed. */
export async function begin(
  wired: Wired,
  beginning: Beginning,
  watch: Watch,
  signal: AbortSignal,
): Promise<Claim | Failure> {
  const forbidden = forbiddenBy(beginning.prepared);
  if (forbidden) return forbidden;
  const steps = processOf(wired.workspace);
  const unknown = beginning.skip.find((name) => !steps.names.includes(name));
  if (unknown !== undefined) {
    return fail('usage', `There is no step ${unknown} to skip.`, {
      found: unknown,
      expected: steps.names.join(', '),
    });
  }
  const remembered = await rememberAddress(wired, beginning.prepared);
  if (remembered) return remembered;
  return await takeLock(wired, startOf(wired, beginning, steps), beginning.lockWaitMs, watch, signal);
}

export async function takeLock(
  wired: Wired,
  start: DeploymentStart,
  lockWaitMs: number,
  watch: Watch,
  signal: AbortSignal,
): Promise<Claim | Failure> {
  const { clock } = wired.host;
  const until = clock.now() + lockWaitMs;
  for (let told = false; ; told = true) {
    const fresh = await settled(wired, start);
    if (isFailure(fresh)) return fresh;
    const claim = await wired.store.begin(fresh);
    if (!isFailure(claim) || signal.aborted || clock.now() >= patience(claim, until)) return claim;
    if (!told) {
      const at = new Date(clock.now()).toISOString();
      watch({ type: 'waiting', at, deployment: start.id, app: start.app, why: claim.message });
    }
    await clock.sleep(lockPollMs, signal);
  }
}

/** Whoever had the lock may have changed shares and duty: the models of before would not be what the homes are to have. */
async function settled({ store }: Wired, start: DeploymentStart): Promise<DeploymentStart | Failure> {
  // A move says itself what it wants.
  if (start.options['move'] !== undefined) return start;
  const residence = await store.residence(start.app, start.environment);
  if (!residence || isFailure(residence)) return residence ?? start;
  const models = Object.entries(start.models).map(
    ([home, app]) => [home, settle(app, standingIn(home, residence.homes))] as const,
  );
  return { ...start, models: Object.fromEntries(models) };
}

/** A move has the lock for as long as a cron runs; whoever deploys need not know that there is one. */
function patience({ code }: Failure, until: number): number {
  if (code === 'held-by-move') return Number.POSITIVE_INFINITY;
  return code === 'lock-held' ? until : 0;
}

function startOf(wired: Wired, beginning: Beginning, { names, custom }: ReturnType<typeof processOf>) {
  const { prepared, action, skip, unmigrate, detach, move } = beginning;
  const { target, environment, built, residence, arrives } = prepared;
  const first = built[0]?.built;
  const models: Models = Object.fromEntries(built.map(({ name, built: { app } }) => [name, app]));
  const options: DeployOptions = {
    skip,
    tests: first?.tests ?? { before: [], after: [] },
    watchMs: first?.watchMs ?? 0,
    custom,
    ...(arrives ? { arrives: [arrives] } : {}),
    ...(unmigrate ? { unmigrate } : {}),
    ...(move ? { move } : {}),
  };
  return {
    id: `d${randomBytes(4).toString('hex')}`,
    action,
    app: target.app,
    version: target.version,
    ...(first?.app.schema === undefined ? {} : { schema: first.app.schema }),
    environment: environment.name,
    models,
    steps: unmigrate ? dataLast(names) : names,
    options: { ...options },
    residence: residence.homes,
    ...(detach ? {} : { owner: wired.owner }),
    holder: wired.holder,
  };
}

/** Going back, the old code returns before its data does: it ran on the new schema during the rollout before. */
function dataLast(names: readonly string[]): readonly string[] {
  const others = names.filter((name) => name !== 'migrate');
  const after = others.indexOf('rollout') + 1;
  return [...others.slice(0, after), 'migrate', ...others.slice(after)];
}

/** The app's address, which is kept from the first try on. */
async function rememberAddress(
  wired: Wired,
  { environment, target }: Prepared,
): Promise<Failure | undefined> {
  const addresses = await wired.addresses(environment);
  if (isFailure(addresses)) return addresses;
  const port = addresses?.[target.app];
  return port === undefined ? undefined : await wired.store.saveAddress(environment.name, target.app, port);
}

/** What the rules forbid, if anything. */
export function forbiddenBy({ built }: Prepared): Failure | undefined {
  const notes = built.flatMap(({ notes: own, translation }) => [...own, ...translation]);
  const errors = notes.filter(({ severity }) => severity === 'error');
  const distinct = new Map(errors.map((note) => [`${note.id} ${note.message}`, note]));
  const failures = [...distinct.values()].map(({ id, message, hint, place }) =>
    fail(codeOf(id), message, { ...(hint ? { hint } : {}), ...(place ? { place } : {}) }),
  );
  return together(failures);
}

/** Rules that have an error of their own keep its name; the others are `check-failed`. */
function codeOf(id: string): ErrorCode {
  return id in errors ? (id as ErrorCode) : 'check-failed';
}
