import type { Route } from '../../model/app.ts';
import type { Difference } from '../../model/comparison.ts';
import { follows } from './follows.ts';
import { difference, unlike } from './found.ts';
import type { Pair } from './side.ts';

/** Who may call what by which name. The order of routes means nothing. */
export function compareRoutes(pair: Pair): readonly Difference[] {
  const found: Difference[] = [];
  const others = [...pair.right.app.routes];
  for (const route of pair.left.app.routes) {
    const at = bestFor(route, others, pair);
    const [other] = at < 0 ? [] : others.splice(at, 1);
    found.push(...(other ? compareRoute(route, other, pair) : alone(route, undefined, pair.left.home)));
  }
  return [...found, ...others.flatMap((route) => alone(undefined, route, pair.right.home))];
}

function bestFor(route: Route, others: readonly Route[], pair: Pair): number {
  const exact = others.findIndex((one) => one.host === route.host && isAlike(route, one));
  return exact >= 0 ? exact : others.findIndex((one) => isAlike(route, one) && hostFollows(route, one, pair));
}

function isAlike(a: Route, b: Route): boolean {
  return a.path === b.path && a.audience === b.audience;
}

function hostFollows({ host: left = '' }: Route, { host: right = '' }: Route, pair: Pair): boolean {
  return left === right || follows(left, right, pair) !== undefined;
}

function alone(left: Route | undefined, right: Route | undefined, home: string): readonly Difference[] {
  const path = pathOf(left ?? right);
  return [difference(path, shown(left), shown(right), 'blocking', `only ${home} serves it`)];
}

function compareRoute(left: Route, right: Route, pair: Pair): readonly Difference[] {
  const path = pathOf(left);
  const roles = left.host === right.host ? undefined : follows(left.host ?? '', right.host ?? '', pair);
  return [
    ...(roles
      ? [
          difference(
            `${path}.host`,
            left.host,
            right.host,
            'equivalent',
            `it follows the ${roles.join(' and the ')}`,
          ),
        ]
      : []),
    ...unlike(`${path}.ignoreCase`, left.ignoreCase, right.ignoreCase, 'whether capitals matter in its path'),
    ...unlike(
      `${path}.whitelist`,
      left.whitelist ?? false,
      right.whitelist ?? false,
      'whether only listed addresses may call',
    ),
  ];
}

function shown(route: Route | undefined): string | undefined {
  return route && `${route.host ?? '*'}${route.path} for ${route.audience}`;
}

function pathOf(route: Route | undefined): string {
  return `routes.${route?.host ?? '*'}${route?.path ?? ''}`;
}
