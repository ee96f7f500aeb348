import type { ErrorCode } from '../model/errors.ts';
import { type Failure, fail } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import { type Path, placeOf, spotOfValue, type Tree } from './yaml/tree.ts';

/** The plugin of a name, or a failure of this code that names the nearest one and stands where the name does. */
export function findPlugin<P extends { readonly name: string }>(
  plugins: readonly P[],
  name: string,
  code: ErrorCode,
  tree: Tree,
  path: Path,
): P | Failure {
  const plugin = plugins.find((candidate) => candidate.name === name);
  if (plugin) return plugin;
  const known = plugins.map((candidate) => candidate.name);
  const hint = suggest(name, known);
  return fail(code, `There is no ${code.replace('unknown-', '')} \`${name}\`.`, {
    place: placeOf(spotOfValue(tree, path)),
    found: name,
    expected: known.join(', '),
    ...(hint ? { hint } : {}),
  });
}
