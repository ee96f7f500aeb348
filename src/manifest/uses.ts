import { type Failure, fail } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import type { ManifestDocument, View } from './document.ts';
import { placeOf, type Spot, scalars } from './yaml/tree.ts';

interface Use {
  readonly app: string;
  readonly at: Spot;
}

/** Apps that are used but have no manifest, and circles of uses, in every stage. Expressions are left to `build`. */
export function usesFailures(documents: readonly ManifestDocument[]): Failure[] {
  const known = documents.map(({ app }) => app);
  const stages = new Set(documents.flatMap(({ views }) => [...views.keys()]));
  return [...stages].flatMap((stage) => {
    const uses = new Map(documents.map((document) => [document.app, usesOf(document.views.get(stage))]));
    return [...unknownUses(uses, known), ...cycles(uses)];
  });
}

/** The failure for a use of an app that has no manifest. */
export function unknownUse(user: string, app: string, known: readonly string[]): Failure {
  const hint = suggest(app, known);
  return fail('uses-unknown', `${user} uses ${app}, which has no manifest.`, {
    found: app,
    ...(hint ? { hint } : {}),
  });
}

/** Whether some use is the value of an expression. */
export function usesDiffer(documents: readonly ManifestDocument[]): boolean {
  return documents.some(({ views }) =>
    [...views.values()].some(({ tree, templates }) => {
      const uses = tree.fields.get('uses')?.value;
      return uses !== undefined && [...scalars(uses)].some((scalar) => templates.has(scalar));
    }),
  );
}

function usesOf(view: View | undefined): readonly Use[] {
  const list = view?.tree.fields.get('uses')?.value;
  if (!view || list?.kind !== 'list') return [];
  return list.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' && !view.templates.has(item)
      ? [{ app: item.value, at: item.at }]
      : [],
  );
}

function unknownUses(uses: ReadonlyMap<string, readonly Use[]>, known: readonly string[]): Failure[] {
  return [...uses].flatMap(([user, list]) =>
    list
      .filter(({ app }) => !uses.has(app))
      .map(({ app, at }) => ({ ...unknownUse(user, app, known), place: placeOf(at) })),
  );
}

/** Each circle once, from its alphabetically first app on. */
function cycles(uses: ReadonlyMap<string, readonly Use[]>): Failure[] {
  const failures: Failure[] = [];
  const done = new Set<string>();
  for (const start of [...uses.keys()].sort()) walk(start, []);
  return failures;

  function walk(app: string, path: readonly (Use & { readonly user: string })[]): void {
    const begin = path.findIndex(({ user }) => user === app);
    if (begin >= 0) failures.push(cycle(path.slice(begin)));
    if (begin >= 0 || done.has(app)) return;
    for (const use of uses.get(app) ?? []) walk(use.app, [...path, { ...use, user: app }]);
    done.add(app);
  }
}

function cycle(path: readonly (Use & { readonly user: string })[]): Failure {
  const users = path.map(({ user }) => user);
  const circle = [...users, users[0]].join(' → ');
  const place = path[0] && placeOf(path[0].at);
  return fail('uses-cycle', `Apps use each other in a circle: ${circle}.`, {
    found: circle,
    hint: 'remove one of these `uses`',
    ...(place ? { place } : {}),
  });
}
