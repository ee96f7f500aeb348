import type { Route } from '../../model/app.ts';
import { type Note, note } from '../../model/note.ts';
import type { Remarks } from '../remarks.ts';

/** Labels of Marathon-LB: https://github.com/mesosphere/marathon-lb/blob/master/Longhelp.md */
export const routeLabels = ['HAPROXY_GROUP', 'HAPROXY_0_VHOST', 'HAPROXY_0_PATH'] as const;

/** The path goes verbatim behind `path_beg`: `-i` in front of it ignores case. */
export function compileRoutes(routes: readonly Route[]): Remarks {
  if (routes.length === 0) return {};
  const hosts = unique(routes.flatMap(({ host }) => (host === undefined ? [] : [host])));
  const paths = unique(routes.map(({ path }) => path));
  const ignoreCase = routes.some((route) => route.ignoreCase);
  const wholeHost = paths.length === 1 && paths[0] === '/' && !ignoreCase;
  return {
    HAPROXY_GROUP: unique(routes.map(({ audience }) => audience)).join(','),
    ...(hosts.length > 0 ? { HAPROXY_0_VHOST: hosts.join(',') } : {}),
    ...(wholeHost ? {} : { HAPROXY_0_PATH: [...(ignoreCase ? ['-i'] : []), ...paths].join(' ') }),
  };
}

export function readRoutes(labels: Remarks): readonly Route[] {
  const audience = labels['HAPROXY_GROUP'];
  if (audience === undefined) return [];
  const words = (labels['HAPROXY_0_PATH'] ?? '/').split(' ').filter((word) => word !== '');
  const paths = words.filter((word) => word.startsWith('/'));
  const hosts = labels['HAPROXY_0_VHOST']?.split(',') ?? [undefined];
  const ignoreCase = words.includes('-i');
  return hosts.flatMap((host) =>
    paths.map((path) => ({ kind: 'Route', ...(host ? { host } : {}), path, ignoreCase, audience }) as const),
  );
}

/** One set of labels says every host with every path, for every group. */
export function routeNotes(routes: readonly Route[], subject: string): readonly Note[] {
  const said = readRoutes(compileRoutes(routes)).length;
  const notes: Note[] = [];
  const uneven = said !== routes.length || unique(routes.map(shape)).length > 1;
  if (uneven) {
    const message = 'Marathon-LB serves every path of the app on every one of its hosts and to every group.';
    notes.push(note('routes-combined', 'warning', message, { subject, fidelity: 'approximate' }));
  }
  if (routes.some(({ host, path }) => host === undefined && path !== '/')) {
    const message = 'Marathon-LB looks at a path only where the app has a host name as well.';
    notes.push(note('path-without-host', 'info', message, { subject, fidelity: 'approximate' }));
  }
  if (routes.some(({ whitelist }) => whitelist)) {
    const message = 'Marathon-LB has no list of allowed callers; the route is open to all.';
    notes.push(note('whitelist-dropped', 'warning', message, { subject, fidelity: 'dropped' }));
  }
  return notes;
}

function shape({ ignoreCase, audience }: Route): string {
  return `${ignoreCase} ${audience}`;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
