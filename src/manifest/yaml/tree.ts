import type { Place } from '../../model/note.ts';

/** A YAML document with the place of everything in it: aliases resolved, merges done, keys unique. */
export type Tree = Scalar | Mapping | List;

export interface Scalar {
  readonly kind: 'scalar';
  readonly at: Spot;
  readonly value: string | number | boolean | null;
}

export interface Mapping {
  readonly kind: 'mapping';
  readonly at: Spot;
  readonly fields: ReadonlyMap<string, Field>;
}

export interface Field {
  /** Where the key stands. */
  readonly at: Spot;
  readonly value: Tree;
}

interface List {
  readonly kind: 'list';
  readonly at: Spot;
  readonly items: readonly Tree[];
}

/** An offset in a file; turned into line and column only when somebody asks. */
export interface Spot {
  readonly source: Source;
  readonly offset: number;
}

export interface Source {
  readonly file: string;
  /** The parser's counter of lines. */
  readonly lines: { linePos(offset: number): { line: number; col: number } };
}

export type Path = readonly PropertyKey[];

export function placeOf(spot: Spot): Place {
  const { line, col } = spot.source.lines.linePos(spot.offset);
  return { file: spot.source.file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** What stands at a path, or undefined. */
export function lookUp(tree: Tree, path: Path): Tree | undefined {
  let current: Tree | undefined = tree;
  for (const step of path) current = current && child(current, step);
  return current;
}

/** The key at the end of a path where it is a key of a mapping, else the value; the nearest parent otherwise. */
export function spotOfKey(tree: Tree, path: Path): Spot {
  const parent = path.length > 0 ? lookUp(tree, path.slice(0, -1)) : undefined;
  const field = parent?.kind === 'mapping' ? parent.fields.get(String(path.at(-1))) : undefined;
  return field?.at ?? spotOfValue(tree, path);
}

/** Where the value at a path stands, or the nearest parent that there is. */
export function spotOfValue(tree: Tree, path: Path): Spot {
  let current = tree;
  let spot = tree.at;
  for (const step of path) {
    const next = child(current, step);
    if (!next) return spot;
    current = next;
    spot = next.at;
  }
  return spot;
}

/** The plain JavaScript value. `resolve` may put another value in a scalar's place. */
export function plain(tree: Tree, resolve: (scalar: Scalar) => unknown = (scalar) => scalar.value): unknown {
  if (tree.kind === 'scalar') return resolve(tree);
  if (tree.kind === 'list') return tree.items.map((item) => plain(item, resolve));
  const object: Record<string, unknown> = {};
  for (const [key, field] of tree.fields) object[key] = plain(field.value, resolve);
  return object;
}

export function* scalars(tree: Tree): Generator<Scalar> {
  if (tree.kind === 'scalar') yield tree;
  else if (tree.kind === 'list') for (const item of tree.items) yield* scalars(item);
  else for (const field of tree.fields.values()) yield* scalars(field.value);
}

function child(tree: Tree, step: PropertyKey): Tree | undefined {
  if (tree.kind === 'mapping') return tree.fields.get(String(step))?.value;
  if (tree.kind === 'list') return tree.items[Number(step)];
  return undefined;
}
