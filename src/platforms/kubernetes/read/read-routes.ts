import type { App, Route, Service } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import { type Json, list, record, same, text } from '../../json.ts';
import type { Target } from '../../platform.ts';
import { frameOf } from '../compile/frame.ts';
import { compileRoutes } from '../compile/routes.ts';
import { subjectOf } from '../kinds.ts';
import type { KubernetesSettings } from '../settings.ts';
import { foreignNotes, leftBehind } from './foreign.ts';
import { whole } from './managed.ts';

export interface ReadRoutes {
  readonly routes: readonly Route[];
  readonly notes: readonly Note[];
}

/** What controllers say who serve one group of callers only; nothing native says it. */
const unknownAudience = 'external';

/**
 * The routes of an app: those that were told, as long as the live Ingress or HTTPRoutes are what they come to; else
 * what these say. `objects` are those whose traffic goes to the app.
 */
export function readRoutes(
  app: Pick<App, 'name' | 'version' | 'environment'>,
  services: readonly Service[],
  told: readonly Route[],
  objects: readonly NativeObject[],
  target: Target<KubernetesSettings>,
): ReadRoutes {
  const live = objects.map(whole);
  const wantedOf = (routes: readonly Route[]) => {
    const model: App = { kind: 'App', stage: '', jobs: [], crons: [], uses: [], ...app, services, routes };
    return compileRoutes(frameOf(model, target)).objects;
  };
  const wanted = wantedOf(told);
  const isTrue =
    live.length === wanted.length && live.every((one) => wanted.some((own) => sameSpec(own, one)));
  const routes = isTrue ? told : live.flatMap(routesIn);
  const written = isTrue ? wanted : wantedOf(routes);
  return { routes, notes: live.flatMap((object) => routeNotes(object, written)) };
}

function sameSpec(wanted: NativeObject, live: NativeObject): boolean {
  return wanted.kind === live.kind && wanted.id === live.id && same(wanted.body['spec'], live.body['spec']);
}

function routesIn({ kind, body }: NativeObject): readonly Route[] {
  const spec = record(body['spec']);
  return kind === 'Ingress' ? ingressRoutes(spec) : httpRoutes(spec);
}

function ingressRoutes(spec: Json): readonly Route[] {
  return list(spec['rules']).flatMap(({ host, http }) =>
    list(record(http)['paths']).map(({ path }) => route(text(host), text(path))),
  );
}

function httpRoutes(spec: Json): readonly Route[] {
  const hostnames = Array.isArray(spec['hostnames']) ? spec['hostnames'].map(String) : [];
  const hosts = hostnames.length > 0 ? hostnames : [undefined];
  const paths = list(spec['rules']).flatMap(({ matches }) =>
    Array.isArray(matches) ? list(matches).map(({ path }) => text(record(path)['value'])) : [undefined],
  );
  return hosts.flatMap((host) => paths.map((path) => route(host, path)));
}

function route(host: string | undefined, path: string | undefined): Route {
  return {
    kind: 'Route',
    ...(host === undefined ? {} : { host }),
    path: path ?? '/',
    ignoreCase: false,
    audience: unknownAudience,
  };
}

/** What an object says beside its hosts and paths. */
function routeNotes(object: NativeObject, wanted: readonly NativeObject[]): readonly Note[] {
  const subject = subjectOf(object);
  const ours = wanted.find(({ kind, id }) => kind === object.kind && id === object.id) ?? wanted[0];
  const { rules, hostnames: _, ...spec } = record(object.body['spec']);
  return [
    ...foreignNotes(spec, record(ours?.body['spec']), new Set(), subject),
    ...annotationNotes(object, ours, subject),
    ...list(rules).flatMap((rule) => ruleNotes(rule, subject)),
  ];
}

function annotationNotes(object: NativeObject, ours: NativeObject | undefined, subject: string) {
  const written = record(record(ours?.body['metadata'])['annotations']);
  const live = Object.entries(record(record(object.body['metadata'])['annotations']));
  return live
    .filter(([name, value]) => written[name] !== value)
    .map(([name]) => leftBehind(`the annotation ${name}`, subject));
}

/** What a rule may say beyond a prefix of a path and one Service. */
function ruleNotes(rule: Json, subject: string): readonly Note[] {
  const paths = list(record(rule['http'])['paths']);
  const matches = list(rule['matches']);
  const kinds = [
    ...paths.map(({ pathType }) => pathType),
    ...matches.map(({ path }) => record(path)['type']),
  ];
  const isPrefix = (kind: unknown) => kind === undefined || kind === 'Prefix' || kind === 'PathPrefix';
  const others = [...new Set(kinds.filter((kind) => !isPrefix(kind)))];
  const known = ['host', 'http', 'matches', 'backendRefs'];
  const fields = Object.keys(rule).filter((key) => !known.includes(key));
  const matched = matches.flatMap((match) => Object.keys(match).filter((key) => key !== 'path'));
  const backends = list(rule['backendRefs']).length > 1 ? ['the second backend of a rule'] : [];
  return [
    ...others.map((kind) => pathKind(String(kind), subject)),
    ...[...fields.map((field) => `rules.${field}`), ...matched.map((field) => `rules.matches.${field}`)].map(
      (what) => leftBehind(what, subject),
    ),
    ...backends.map((what) => leftBehind(what, subject)),
  ];
}

function pathKind(kind: string, subject: string): Note {
  const message = `A path of type ${kind} is read as a prefix.`;
  return note('path-type', 'warning', message, { subject, fidelity: 'approximate' });
}
