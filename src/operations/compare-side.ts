import { buildApp } from '../compile/build.ts';
import { bindUses } from '../compile/uses.ts';
import type { Environment, HomeConfig } from '../manifest/workspace.ts';
import type { App } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { NativeObject } from '../model/native.ts';
import type { Note } from '../model/note.ts';
import type { Schedule } from '../model/schedule.ts';
import { schedulePath } from '../plan/compare/crons.ts';
import type { Side, SideNote } from '../plan/compare/side.ts';
import { valueAt } from '../plan/path.ts';
import { type Around, addressesIn, aroundOf, targetAround } from './around.ts';
import { standingIn } from './prepare.ts';
import type { PlatformHome, Wired } from './wired.ts';

/** A home to compare. */
export interface ComparedHome {
  readonly environment: Environment;
  readonly home: HomeConfig;
}

export function nameOf({ environment, home }: ComparedHome): string {
  return `${environment.name}.${home.name}`;
}

/** An app as it is live in a home; undefined where the home does not have it. Failures are those of the home. */
export async function sideOf(
  wired: Wired,
  place: ComparedHome,
  app: string,
  signal?: AbortSignal,
): Promise<Side | undefined | Failure> {
  const connected = await wired.connect(place.environment, place.home);
  if (isFailure(connected)) return connected;
  const around = await aroundOf(wired, place.environment);
  if (isFailure(around)) return around;
  const home = { ...connected, target: targetAround(connected, around) };
  const live = await home.home.observe({ app }, signal);
  if (isFailure(live)) return live;
  const seen = readSide(app, live, home);
  if (!seen) return undefined;
  const { name: environment, stage, domain } = place.environment;
  return {
    ...seen,
    home: nameOf(place),
    words: { environment, stage, ...(domain ? { domain } : {}) },
    callees: calleesIn(wired, home, around),
    ...residencyOf(wired, place, seen.app, home, around),
  };
}

/** What live objects say of an app, and what their platform says of them; undefined where they say nothing of it. */
export function readSide(
  app: string,
  live: readonly NativeObject[],
  home: PlatformHome,
): Pick<Side, 'app' | 'notes' | 'due' | 'secrets' | 'gives'> | undefined {
  const { platform, target } = home;
  const read = platform.read(live, target);
  const model = read.apps.find(({ name }) => name === app);
  return (
    model && {
      app: model,
      notes: [...read.notes.map((note) => ({ note, from: 'live' as const })), ...translation(model, home)],
      due: dueIn(live, home),
      secrets: secretsIn(live, home),
      gives: (variable) => platform.gives?.(variable) ?? false,
    }
  );
}

/** What the platform says of its own translation. What a note is about is found by leaving that out. */
function translation(app: App, { platform, target }: PlatformHome): readonly SideNote[] {
  const notesOf = (model: App) => platform.compile(model, target).notes;
  const all = notesOf(app);
  const ofRoutes = lost(all, notesOf({ ...app, routes: [] }));
  const ofSchedules = app.crons.flatMap((cron) => {
    const alone = { ...app, services: [], jobs: [], routes: [], crons: [cron] };
    const plain = { ...alone, crons: [{ ...cron, schedule: daily }] };
    return lost(notesOf(alone), notesOf(plain)).map((note) => ({ note, about: schedulePath(cron.name) }));
  });
  return all.map((note): SideNote => {
    const schedule = ofSchedules.find((one) => isSame(one.note, note));
    if (schedule) return { note, from: 'model', about: schedule.about };
    return { note, from: 'model', ...(ofRoutes.some((one) => isSame(one, note)) ? { about: 'routes' } : {}) };
  });
}

/** Every home can say it exactly. */
const daily: Schedule = { cron: '0 12 * * *', timezone: 'UTC' };

function lost(before: readonly Note[], after: readonly Note[]): readonly Note[] {
  return before.filter((note) => !after.some((one) => isSame(one, note)));
}

function isSame(a: Note, b: Note): boolean {
  return a.id === b.id && a.subject === b.subject && a.message === b.message;
}

function dueIn(live: readonly NativeObject[], { platform, target }: PlatformHome) {
  const due = live.flatMap((object) => {
    const schedule = platform.dueBy?.(object);
    const cron = schedule && platform.read([object], target).apps[0]?.crons[0];
    return cron ? [[cron.name, schedule] as const] : [];
  });
  return Object.fromEntries(due);
}

/** The values that stand where compile had put a reference. */
function secretsIn(live: readonly NativeObject[], { platform }: PlatformHome): Side['secrets'] {
  const values = new Map<string, string[]>();
  for (const { body, secrets = {} } of live.map((object) => platform.managed(object))) {
    for (const [path, ref] of Object.entries(secrets)) {
      const value = valueAt(body, path);
      if (typeof value === 'string') values.set(ref, [...(values.get(ref) ?? []), value]);
    }
  }
  return values;
}

function calleesIn({ workspace }: Wired, home: PlatformHome, around: Around): Side['callees'] {
  const addresses = addressesIn(home, Object.keys(workspace.manifests), around) ?? {};
  return new Map(
    Object.keys(addresses).flatMap((app) =>
      Object.values(bindUses([app], addresses)).map((url) => [String(url), app]),
    ),
  );
}

/** Without a manifest, or for a version that nobody can build, nothing is known of what follows the residency. */
function residencyOf(
  { workspace, features }: Wired,
  { environment, home: config }: ComparedHome,
  { name: app, version }: App,
  home: PlatformHome,
  around: Around,
): Pick<Side, 'residency' | 'work'> {
  const residence = around.residences.find((one) => one.app === app && one.environment === environment.name);
  if (!residence) return {};
  const residency = standingIn(config.name, residence.homes);
  const addresses = addressesIn(home, Object.keys(workspace.manifests), around);
  const request = { app, version, environment, home: config, residency, ...(addresses ? { addresses } : {}) };
  const built = Object.hasOwn(workspace.manifests, app) ? buildApp(workspace, features, request) : undefined;
  const work = built && !isFailure(built) ? built.app.work : undefined;
  return { residency, ...(work ? { work } : {}) };
}
