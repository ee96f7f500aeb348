import type { Route } from '../../model/app.ts';
import { type Note, note } from '../../model/note.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import { indexed, type Keys, keys } from './keys.ts';

type Context = FeatureContext<Keys, never>;

export const route: Feature<Keys, never> = {
  name: 'route',
  summary: 'How an app is reached from outside: path, host, and for whom.',
  keys,
  example: `application:
  app_name: account
  test: {instances: 2}
  expose:
    path: /api              # prefix; a list for several
    audience: external      # or internal
    ignore_case: True
`,
  contribute(context) {
    const { values } = context;
    if (values.expose === false) return { routes: [] };
    const neutral = values.expose ? exposed(values.expose, context) : undefined;
    const group = grouped(context);
    const ingress = ingressed(context);
    const routes = neutral ?? group ?? ingress;
    if (!routes) return undefined;
    const notes = [
      ...disagreements(neutral, group, '`expose`', '`haproxy_*`', context),
      ...disagreements(
        neutral ?? group,
        ingress,
        neutral ? '`expose`' : '`haproxy_*`',
        '`ingress*`',
        context,
      ),
    ];
    return { routes, notes };
  },
};

function exposed(expose: Exclude<Keys['expose'], false | undefined>, context: Context): Route[] {
  const paths = typeof expose.path === 'string' ? [expose.path] : expose.path;
  const common = {
    kind: 'Route' as const,
    ignoreCase: expose.ignore_case,
    audience: expose.audience,
    ...hostOf(expose.host, context),
    ...whitelistOf(expose.whitelist ?? context.values.whitelist_enabled),
  };
  return paths.map((path) => ({ ...common, path }));
}

/** The old form of the load balancer: a group, and paths and hosts by port index. */
function grouped(context: Context): Route[] | undefined {
  const { haproxy_group: audience = 'external', whitelist_enabled } = context.values;
  const entries = indexed(context.values);
  if (entries.length === 0 && context.values.haproxy_group === undefined) return undefined;
  return (entries.length > 0 ? entries : [{ index: 0 }]).flatMap(({ path, vhost }) => {
    const words = path?.trim().split(/\s+/) ?? ['/'];
    const hosts = vhost?.split(',').map((host) => host.trim()) ?? [undefined];
    return hosts.flatMap((host) =>
      words
        .filter((word) => word !== '-i')
        .map((prefix) => ({
          kind: 'Route' as const,
          path: prefix,
          ignoreCase: words[0] === '-i',
          audience,
          ...hostOf(host, context),
          ...whitelistOf(whitelist_enabled),
        })),
    );
  });
}

/** The old form of the other platform: a switch, one path, one host. */
function ingressed(context: Context): Route[] | undefined {
  const { ingress, ingress_path: path = '/', ingress_host, whitelist_enabled } = context.values;
  if (!ingress) return undefined;
  return [
    {
      kind: 'Route',
      path,
      ignoreCase: false,
      audience: context.values.haproxy_group ?? 'external',
      ...hostOf(ingress_host, context),
      ...whitelistOf(whitelist_enabled),
    },
  ];
}

function hostOf(host: string | undefined, { app, domain }: Context): { host?: string } {
  // Capitals mean nothing in a host name, and not every platform takes them.
  if (host !== undefined) return { host: host.toLowerCase() };
  return domain ? { host: `${app}.${domain}` } : {};
}

function whitelistOf(whitelist: boolean | undefined): { whitelist?: boolean } {
  return whitelist === undefined ? {} : { whitelist };
}

/** Two forms that send different paths or hosts here. Case is no disagreement: an ingress cannot say it. */
function disagreements(
  first: readonly Route[] | undefined,
  second: readonly Route[] | undefined,
  firstName: string,
  secondName: string,
  { place, values }: Context,
): Note[] {
  if (!first || !second || show(first) === show(second)) return [];
  const at = place(
    values.ingress_path && secondName.includes('ingress') ? 'ingress_path' : firstKey(values, secondName),
  );
  return [
    note(
      'spellings-disagree',
      'warning',
      `Two forms of the route disagree: ${firstName} says ${show(first)}, ${secondName} says ${show(second)}; ${firstName} is taken.`,
      { hint: 'write the one that is meant as `expose`', subject: 'route', ...(at ? { place: at } : {}) },
    ),
  ];
}

function firstKey(values: Keys, form: string): string {
  const prefix = form.includes('ingress') ? 'ingress' : 'haproxy_';
  return Object.keys(values).find((key) => key.startsWith(prefix)) ?? 'expose';
}

function show(routes: readonly Route[]): string {
  return [...new Set(routes.map(({ host = '', path }) => `${host}${path}`))].sort().join(' ');
}
