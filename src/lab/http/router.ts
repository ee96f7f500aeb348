import type { Handler } from './message.ts';

/**
 * One line of a table of routes: `['GET', '/v2/apps/{id+}/versions', handler]`. `{name}` stands for one
 * segment, `{name+}` for one or more (as few as the rest of the pattern allows to be many: greedy).
 * The first line that matches wins.
 */
export type Route = readonly [method: string, pattern: string, handle: Handler];

type Match =
  | { readonly kind: 'found'; readonly handle: Handler; readonly params: Readonly<Record<string, string>> }
  /** Some route has the path, none of them the method. */
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

export type Router = (method: string, path: string) => Match;

/** Makes a router of a table. A trailing slash and doubled slashes in a path do not matter. */
export function router(routes: readonly Route[]): Router {
  const compiled = routes.map(([method, pattern, handle]) => ({ method, handle, test: compile(pattern) }));
  return (method, path) => {
    const tidy = `/${path.split('/').filter(Boolean).join('/')}`;
    const allowed: string[] = [];
    for (const route of compiled) {
      const found = route.test.exec(tidy);
      if (!found) continue;
      if (route.method === method)
        return { kind: 'found', handle: route.handle, params: { ...found.groups } };
      allowed.push(route.method);
    }
    return allowed.length > 0 ? { kind: 'wrong-method', allowed } : { kind: 'unknown' };
  };
}

function compile(pattern: string): RegExp {
  const source = pattern
    .split('/')
    .filter(Boolean)
    .map((segment) => {
      const name = /^\{(\w+)(\+?)\}$/.exec(segment);
      if (!name) return escapeText(segment);
      return name[2] ? `(?<${name[1]}>.+)` : `(?<${name[1]}>[^/]+)`;
    })
    .join('/');
  return new RegExp(`^/${source}$`);
}

function escapeText(segment: string): string {
  return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
