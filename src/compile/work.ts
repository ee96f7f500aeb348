import type { Contribution, NoTwin } from '../features/feature.ts';
import type { Application } from '../manifest/schema/application.ts';
import type { App, Env, Work } from '../model/app.ts';
import { type Note, note } from '../model/note.ts';
import { type Standing, takesWork } from '../model/work.ts';
import type { Named } from './contributions.ts';

/** What of an app follows its residency, and what keeps it from running without real work. */
export interface WorkOf {
  readonly work?: Work;
  readonly without: readonly (NoTwin & Named)[];
}

type Part = Contribution & Named;

/** @param instances of all homes together */
export function workOf(
  { worker = false, consumes = 'shared', env: own = {} }: Application,
  instances: number,
  parts: readonly Part[],
  env: Env,
): WorkOf {
  const twins = parts.flatMap(({ feature, twin }) => (twin ? [{ feature, twin: unlessOwn(twin, own) }] : []));
  if (!worker && twins.length === 0) return { without: [] };
  const without = twins.flatMap(({ feature, twin }) => ('why' in twin ? [{ ...twin, feature }] : []));
  const stand = twins.flatMap(({ twin }) => ('why' in twin ? [] : [twin]));
  const twin = {
    env: Object.assign({}, ...stand.map((one) => one.env)) as Env,
    backing: stand.flatMap(({ backing }) => backing),
  };
  const real = Object.fromEntries(Object.keys(twin.env).flatMap((name) => pick(env, name)));
  // With one twin missing nothing may run: the real thing would be touched after all.
  const whole = stand.length > 0 && without.length === 0;
  const count = worker ? { instances } : whole ? {} : { bound: instances };
  const work = { consumes, ...count, real, ...(whole ? { twin } : {}) };
  return { work, without };
}

/** A manifest that names the address by hand means that very one. */
function unlessOwn(twin: NonNullable<Contribution['twin']>, own: Env): NonNullable<Contribution['twin']> {
  const name =
    'why' in twin ? undefined : Object.keys(twin.env).find((variable) => Object.hasOwn(own, variable));
  if (name === undefined) return twin;
  const hint = `leave ${name} to the settings of the feature in rehome.yaml`;
  return { why: `its manifest says itself what ${name} is`, hint };
}

function pick(env: Env, name: string) {
  const value = env[name];
  return value === undefined ? [] : [[name, value] as const];
}

/** `consumes` where nothing is consumed. */
export function idleNotes(
  { consumes }: Application,
  { work }: WorkOf,
  parts: readonly Part[],
  place: (key: string) => Note['place'],
): Note[] {
  if (consumes === undefined || work || parts.some(({ unconfigured }) => unconfigured !== undefined))
    return [];
  const at = place('consumes');
  const message = '`consumes` says nothing about an app that is no worker and has no queue.';
  return [
    note('consumes-nothing', 'warning', message, { hint: 'leave it out', ...(at ? { place: at } : {}) }),
  ];
}

/** What is said of a home that takes no real work of an app: where it runs instead, or why it must not. */
export function darkNotes(
  { name: app, environment, services }: App,
  { work, without }: WorkOf,
  standing: Standing,
  home: string,
  place: (key: string) => Note['place'],
): Note[] {
  if (!work || takesWork(work, standing)) return [];
  const where = `${environment}.${home}`;
  if (without.length > 0) return without.map((one) => noTwin(app, where, one, place(one.feature)));
  const count = services.reduce((sum, { instances }) => sum + instances, 0);
  const variables = Object.keys(work.twin?.env ?? {}).join(', ');
  const does = work.twin ? `runs with the twin of ${variables}` : 'has no instance';
  const many =
    work.twin && work.instances !== undefined ? `, with ${count} of ${work.instances} instances` : '';
  return [note('runs-apart', 'info', `${app} takes no real work in ${where}: there it ${does}${many}.`)];
}

function noTwin(
  app: string,
  where: string,
  { why, hint, feature }: NoTwin & Named,
  place: Note['place'],
): Note {
  const message = `${app} must take no real work in ${where}, but would: ${why}.`;
  return note('no-twin', 'error', message, {
    hint,
    subject: `feature ${feature}`,
    ...(place ? { place } : {}),
  });
}
