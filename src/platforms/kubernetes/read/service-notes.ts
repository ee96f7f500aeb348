import type { App } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import { type Json, list, record } from '../../json.ts';
import type { Target } from '../../platform.ts';
import { compile } from '../compile/compile.ts';
import { subjectOf } from '../kinds.ts';
import type { KubernetesSettings } from '../settings.ts';
import { foreignNotes, leftBehind } from './foreign.ts';
import { stampedApp } from './identity.ts';
import { whole } from './managed.ts';

/** What live Services and budgets say that rehome would not write for the app: another name, other ports. */
export function serviceNotes(
  app: App,
  objects: readonly NativeObject[],
  target: Target<KubernetesSettings>,
): readonly Note[] {
  const live = objects.filter(({ kind }) => kind === 'Service' || kind === 'PodDisruptionBudget');
  if (live.length === 0) return [];
  const wanted = compile(app, target).objects;
  return live.map(whole).flatMap((object) => {
    const same = wanted.find(({ kind, id }) => kind === object.kind && id === object.id);
    // While an app lives elsewhere too, its name leads to the edge: what `read` is told of may be another home.
    if (same === undefined && stampedApp(object) !== undefined) return [];
    const ours = same ?? wanted.find(({ kind }) => kind === object.kind);
    return [...renamed(object, ours), ...specNotes(object, ours)];
  });
}

function renamed(object: NativeObject, ours: NativeObject | undefined): readonly Note[] {
  if (object.kind !== 'Service' || ours === undefined || ours.id === object.id) return [];
  const message = `rehome calls this Service ${ours.id}; whoever calls ${object.id} has to be told.`;
  return [
    note('service-renamed', 'warning', message, { subject: subjectOf(object), fidelity: 'approximate' }),
  ];
}

function specNotes(object: NativeObject, ours: NativeObject | undefined): readonly Note[] {
  const subject = subjectOf(object);
  if (ours === undefined) return [leftBehind(subject, subject)];
  const { selector: _, ports, ...spec } = record(object.body['spec']);
  return [
    ...foreignNotes(spec, record(ours.body['spec']), new Set(), subject),
    ...portNotes(list(ports), record(ours.body['spec']), subject),
  ];
}

/** A port by another number is another address; how it and its target are called is not. */
function portNotes(ports: readonly Json[], { ports: wanted }: Json, subject: string): readonly Note[] {
  const known = list(wanted).map(({ port }) => port);
  return ports
    .filter(({ port }) => !known.includes(port))
    .map(({ port }) => leftBehind(`port ${port} of the Service`, subject));
}
