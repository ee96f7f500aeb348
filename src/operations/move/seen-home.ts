import type { HomeConfig } from '../../manifest/workspace.ts';
import type { App } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { fingerprint, type Release } from '../../model/release.ts';
import { settle } from '../../model/work.ts';
import type { SeenHome } from '../../moves/move.ts';
import { dueTimes } from '../../plan/compare/due-times.ts';
import { diff } from '../../plan/diff.ts';
import type { CronRun, Resident } from '../../platforms/platform.ts';
import { aroundOf, targetAround } from '../around.ts';
import type { ConnectedHome } from '../wired.ts';
import { connectTo, type Site } from './site.ts';

/** A home as it is at this moment, and what only whoever carries a move on wants to know of it. */
export interface LookedHome {
  readonly seen: SeenHome;
  /** Undefined while the home cannot be asked. */
  readonly connected?: ConnectedHome;
  /** As deployed; undefined where the store does not know it any more. */
  readonly model?: App;
  readonly runs: readonly CronRun[];
  /** When its crons are due, ms since 1970: the next two moments of each. */
  readonly due: readonly (readonly number[])[];
}

/** How far back runs of crons are looked for that may go on still, ms. */
const longestRunMs = 24 * 3_600_000;

/** One that takes longer to say how it is does not answer, ms. */
const patienceMs = 5_000;

export interface LookOptions {
  /** ms since 1970. */
  readonly now: number;
  /** Default 5 s. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/** Comes back in time whatever the home does: what else there is to be seen and done cannot wait for it. */
export async function lookAtHome(site: Site, config: HomeConfig, options: LookOptions): Promise<LookedHome> {
  const { now, patienceMs: forMs = patienceMs, signal } = options;
  const late = AbortSignal.timeout(forMs);
  const stop = signal ? AbortSignal.any([late, signal]) : late;
  const { promise: stopped, resolve: give } = Promise.withResolvers<LookedHome>();
  const giveUp = () => give(silent(config, fail('unreachable', `no answer within ${forMs / 1000} s`)));
  if (stop.aborted) giveUp();
  stop.addEventListener('abort', giveUp, { once: true });
  return await Promise.race([look(site, config, now, stop), stopped]);
}

async function look(site: Site, config: HomeConfig, now: number, stop: AbortSignal): Promise<LookedHome> {
  const connected = await connectTo(site, config);
  if (isFailure(connected)) return silent(config, connected);
  const inventory = await connected.home.inventory(stop);
  if (isFailure(inventory)) return { ...silent(config, inventory), connected };
  const resident = inventory.find(({ app }) => app === site.app);
  const model = resident?.release && (await modelOf(site, config.name, resident.release));
  if (isFailure(model)) return { ...silent(config, model), connected };
  const ticks = model && model.crons.length > 0 ? await ticksOf(site, connected, now, stop) : noTicks;
  if (isFailure(ticks)) return { ...silent(config, ticks), connected };
  const fits = model?.work ? await fitOf(site, config, { connected, model, stop }) : () => true;
  if (isFailure(fits)) return { ...silent(config, fits), connected };
  const identity = identityOf(resident?.release, model);
  return {
    seen: { ...seen(config, resident), running: ticks.runs.filter(goesOn).length, identity, fits },
    connected,
    ...(model ? { model } : {}),
    ...ticks,
  };
}

function seen({ name }: HomeConfig, resident: Resident | undefined) {
  const { release, wanted = 0, healthy = 0, armed } = resident ?? {};
  return {
    home: name,
    ...(release ? { release: { version: release.version, deployment: release.deployment } } : {}),
    wanted,
    healthy,
    ...(armed === undefined ? {} : { armed }),
  };
}

/** Of the model as it is in a dark home, so that it is the same with every share. */
function identityOf(release: Release | undefined, model: App | undefined): string {
  if (!release) return 'nothing';
  return model ? fingerprint(settle(model, { share: 0, duty: false })) : release.fingerprint;
}

function silent({ name }: HomeConfig, { message }: Failure): LookedHome {
  const seen = { home: name, silent: message, wanted: 0, healthy: 0, running: 0, identity: '' };
  return { seen: { ...seen, fits: () => true }, ...noTicks };
}

/** Whether a plan would be empty, with any share and duty: what is live is the truth, not what was meant to be. */
async function fitOf(
  { wired, environment, app }: Site,
  { name }: HomeConfig,
  { connected, model, stop }: { connected: ConnectedHome; model: App; stop: AbortSignal },
): Promise<SeenHome['fits'] | Failure> {
  const around = await aroundOf(wired, environment);
  if (isFailure(around)) return around;
  const { platform, home } = connected;
  const target = targetAround(connected, around);
  const objectsOf = (share: number, duty: boolean) =>
    platform.compile(settle(model, { share, duty }), target).objects;
  const names = objectsOf(100, true).map(({ kind, id }) => ({ kind, id }));
  const live = await home.observe({ app, names }, stop);
  if (isFailure(live)) return live;
  const managed = live.map(platform.managed);
  return (share, duty) => {
    const changes = diff(objectsOf(share, duty), managed, { home: name, reveal: wired.reveal });
    return !isFailure(changes) && changes.length === 0;
  };
}

const noTicks = { runs: [], due: [] };

/**
 * What was deployed there, and not what a manifest says today. The stamp in the home is of the deployment that changed
 * something there: a later one of the same version may know more, such as a twin that was named since.
 */
async function modelOf(
  { wired, environment, app }: Site,
  home: string,
  { deployment, version }: Release,
): Promise<App | undefined | Failure> {
  const wanted = { app, environment: environment.name, status: 'done', limit: lastDeployments } as const;
  const done = await wired.store.deployments(wanted);
  if (isFailure(done)) return done;
  const last = done.find(({ homes, action }) => action !== 'retire' && homes.includes(home));
  const begun = await wired.store.begun(last?.version === version ? last.deployment : deployment);
  if (isFailure(begun)) return begun.code === 'no-such-deployment' ? undefined : begun;
  return begun.models[home];
}

/** Among so many one went to each home. */
const lastDeployments = 20;

async function ticksOf({ app }: Site, { home, platform }: ConnectedHome, now: number, stop: AbortSignal) {
  const runs = await home.runsSince(app, now - longestRunMs, stop);
  if (isFailure(runs)) return runs;
  const live = await home.observe({ app }, stop);
  if (isFailure(live)) return live;
  const schedules = live.flatMap((object: NativeObject) => platform.dueBy?.(object) ?? []);
  return { runs, due: schedules.flatMap((schedule) => [dueTimes(schedule, now, 2) ?? []]) };
}

function goesOn({ endedAt }: CronRun): boolean {
  return endedAt === undefined;
}
