import type { HomeConfig } from '../../manifest/workspace.ts';
import type { App } from '../../model/app.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { fingerprint, type Release } from '../../model/release.ts';
import { settle } from '../../model/work.ts';
import type { SeenHome } from '../../moves/move.ts';
import { dueTimes } from '../../plan/compare/due-times.ts';
import type { CronRun, Resident } from '../../platforms/platform.ts';
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

export async function lookAtHome(site: Site, config: HomeConfig, now: number): Promise<LookedHome> {
  const connected = await connectTo(site, config);
  if (isFailure(connected)) return silent(config, connected);
  const inventory = await connected.home.inventory();
  if (isFailure(inventory)) return { ...silent(config, inventory), connected };
  const resident = inventory.find(({ app }) => app === site.app);
  const model = resident?.release && (await modelOf(site, config.name, resident.release));
  if (isFailure(model)) return { ...silent(config, model), connected };
  const ticks = model && model.crons.length > 0 ? await ticksOf(site, connected, now) : noTicks;
  if (isFailure(ticks)) return { ...silent(config, ticks), connected };
  return {
    seen: { ...seen(config, resident, model), running: ticks.runs.filter(goesOn).length },
    connected,
    ...(model ? { model } : {}),
    ...ticks,
  };
}

function seen({ name }: HomeConfig, resident: Resident | undefined, model: App | undefined): SeenHome {
  const { release, wanted = 0, healthy = 0, armed } = resident ?? {};
  return {
    home: name,
    ...(release ? { release: { version: release.version, fingerprint: release.fingerprint } } : {}),
    wanted,
    healthy,
    ...(armed === undefined ? {} : { armed }),
    running: 0,
    depends: model?.work !== undefined,
    fingerprintAt: (share, duty) => (model ? fingerprint(settle(model, { share, duty })) : ''),
  };
}

function silent({ name }: HomeConfig, { message }: Failure): LookedHome {
  const seen = { home: name, silent: message, wanted: 0, healthy: 0, running: 0, depends: false };
  return { seen: { ...seen, fingerprintAt: () => '' }, ...noTicks };
}

const noTicks = { runs: [], due: [] };

/** What was deployed there, and not what a manifest says today. */
async function modelOf(
  { wired }: Site,
  home: string,
  { deployment }: Release,
): Promise<App | undefined | Failure> {
  const begun = await wired.store.begun(deployment);
  if (isFailure(begun)) return begun.code === 'no-such-deployment' ? undefined : begun;
  return begun.models[home];
}

async function ticksOf({ app }: Site, { home, platform }: ConnectedHome, now: number) {
  const runs = await home.runsSince(app, now - longestRunMs);
  if (isFailure(runs)) return runs;
  const live = await home.observe({ app });
  if (isFailure(live)) return live;
  const schedules = live.flatMap((object: NativeObject) => platform.dueBy?.(object) ?? []);
  return { runs, due: schedules.flatMap((schedule) => [dueTimes(schedule, now, 2) ?? []]) };
}

function goesOn({ endedAt }: CronRun): boolean {
  return endedAt === undefined;
}
