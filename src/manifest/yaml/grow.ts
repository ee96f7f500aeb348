import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type ParsedNode, type YAMLMap } from 'yaml';
import { type Failure, fail } from '../../model/failure.ts';
import type { Parsed } from './parse.ts';
import { type Field, placeOf, type Source, type Spot, type Tree } from './tree.ts';

const deepest = 50;
/** Counted with every alias written out, so that a bomb of aliases is met early. */
const mostNodes = 20_000;

/** Turns the library's nodes into a Tree. */
export function grow(contents: ParsedNode, source: Source): Parsed {
  const growth: Growth = { source, anchors: new Map(), failures: [], nodes: 0 };
  const tree = growNode(contents, growth, 0);
  return { tree, failures: growth.failures };
}

interface Growth {
  readonly source: Source;
  /** Anchors seen so far: an alias points backwards, as YAML has it. */
  readonly anchors: Map<string, Node>;
  readonly failures: Failure[];
  nodes: number;
}

function growNode(node: unknown, growth: Growth, depth: number, parent?: Spot): Tree {
  const at = spotOf(node, growth) ?? parent ?? { source: growth.source, offset: 0 };
  growth.nodes += 1;
  if (growth.nodes > mostNodes || depth > deepest) return tooLarge(at, growth, depth > deepest);
  if (isAlias(node)) return growAlias(node.source, at, growth, depth);
  const tree = growPlain(node, growth, depth, at);
  // Only now: an alias inside its own anchor would have no end.
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) growth.anchors.set(node.anchor, node);
  return tree;
}

function growPlain(node: unknown, growth: Growth, depth: number, at: Spot): Tree {
  if (isMap(node)) return { kind: 'mapping', at, fields: growFields(node, growth, depth, at) };
  if (isSeq(node)) {
    return { kind: 'list', at, items: node.items.map((item) => growNode(item, growth, depth + 1, at)) };
  }
  return { kind: 'scalar', at, value: isScalar(node) ? scalarValue(node.value) : null };
}

function growAlias(name: string, at: Spot, growth: Growth, depth: number): Tree {
  const target = growth.anchors.get(name);
  if (!target) {
    const known = [...growth.anchors.keys()].map((anchor) => `&${anchor}`).join(', ');
    report(growth, 'yaml-syntax', `The alias *${name} has no anchor &${name} before it.`, at, known);
    return { kind: 'scalar', at, value: null };
  }
  // Places inside point to the anchor, because there it is to be changed.
  return growNode(target, growth, depth + 1, at);
}

function growFields(map: YAMLMap, growth: Growth, depth: number, parent: Spot): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const merged: Tree[] = [];
  for (const pair of map.items) {
    if (!isPair(pair)) continue;
    const at = spotOf(pair.key, growth) ?? parent;
    const key = keyOf(pair.key, at, growth);
    if (key === undefined) continue;
    const value = growNode(pair.value, growth, depth + 1, at);
    if (key === '<<') merged.push(...(value.kind === 'list' ? value.items : [value]));
    else addField(fields, key, { at, value }, growth);
  }
  for (const base of merged) mergeInto(fields, base, growth);
  return fields;
}

function addField(fields: Map<string, Field>, key: string, field: Field, growth: Growth): void {
  const first = fields.get(key);
  if (!first) {
    fields.set(key, field);
    return;
  }
  const { line } = placeOf(first.at);
  const message = `\`${key}\` stands twice in one mapping: first on line ${line}, and again here.`;
  growth.failures.push(
    fail('duplicate-key', message, { place: placeOf(field.at), hint: 'remove one of the two' }),
  );
}

function mergeInto(fields: Map<string, Field>, base: Tree, growth: Growth): void {
  if (base.kind !== 'mapping') {
    report(growth, 'wrong-type', '`<<` takes a mapping to merge, or a list of them.', base.at);
    return;
  }
  for (const [key, field] of base.fields) if (!fields.has(key)) fields.set(key, field);
}

function keyOf(node: unknown, at: Spot, growth: Growth): string | undefined {
  if (!isScalar(node)) {
    const jinja = isMap(node) && node.flow === true;
    const message = jinja
      ? 'Braces without quotes are a mapping to YAML; a {{ … }} expression must stand in quotes.'
      : 'A key must be a plain text.';
    report(growth, 'yaml-syntax', message, at, undefined, jinja ? 'write "{{ … }}"' : undefined);
    return undefined;
  }
  const key = node.value === null ? '' : typeof node.value === 'string' ? node.value : String(node.source);
  if (key !== '__proto__') return key;
  report(growth, 'unknown-key', '`__proto__` cannot be a key.', at);
  return undefined;
}

function scalarValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : String(value);
}

function tooLarge(at: Spot, growth: Growth, deep: boolean): Tree {
  const message = deep
    ? `${at.source.file} is nested more than ${deepest} levels deep.`
    : `${at.source.file} holds more than ${mostNodes} values, its aliases written out.`;
  if (!growth.failures.some((failure) => failure.code === 'too-large')) {
    report(growth, 'too-large', message, at);
  }
  return { kind: 'scalar', at, value: null };
}

function report(
  growth: Growth,
  code: 'yaml-syntax' | 'wrong-type' | 'unknown-key' | 'too-large',
  message: string,
  at: Spot,
  known?: string,
  hint?: string,
): void {
  growth.failures.push(
    fail(code, message, {
      place: placeOf(at),
      ...(known ? { expected: known } : {}),
      ...(hint ? { hint } : {}),
    }),
  );
}

function spotOf(node: unknown, growth: Growth): Spot | undefined {
  const range = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : undefined;
  return range ? { source: growth.source, offset: range[0] } : undefined;
}
