import type { z } from 'zod';
import type { Path } from '../yaml/tree.ts';

/** The schema for what stands at a path, or undefined. */
export function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const step of path) current = current && childSchema(current, step);
  return current;
}

/** Keys that a mapping of this schema may have, in their order. */
export function keysOf(schema: z.ZodType | undefined): string[] {
  const def = schema && unwrap(schema);
  if (def?.type === 'object') return Object.keys(def.shape);
  return def?.type === 'union' ? def.options.flatMap(keysOf) : [];
}

/** What kind of value a schema wants, in words. `input` tells an infinite number from none. */
export function typeWord(schema: z.ZodType, input?: unknown): string | undefined {
  const def = unwrap(schema);
  if (def.type === 'union') return [...new Set(def.options.map((option) => typeWord(option)))].join(' or ');
  if (def.type === 'literal') return def.values.map(String).join(' or ');
  if (def.type === 'number' && def.format?.includes('int')) return typeWords['int'];
  if (def.type === 'number' && typeof input === 'number') return 'a finite number';
  return typeWords[def.type];
}

export const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function childSchema(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  const def = unwrap(schema);
  switch (def.type) {
    case 'object':
      return def.shape[String(step)];
    case 'record':
      return def.valueType;
    case 'array':
      return def.element;
    case 'union':
      return def.options.map((option) => childSchema(option, step)).find(Boolean);
    default:
      return undefined;
  }
}

/** The definition inside optional, default and transforming schemas: what the file must look like. */
function unwrap(schema: z.ZodType): Definition {
  let def = schema.def as unknown as Definition;
  for (;;) {
    if (def.type === 'pipe') def = def.in.def as unknown as Definition;
    else if ('innerType' in def) def = def.innerType.def as unknown as Definition;
    else return def;
  }
}

/** The parts of zod's definitions that are looked at. */
type Definition =
  | { readonly type: 'object'; readonly shape: Readonly<Record<string, z.ZodType>> }
  | { readonly type: 'record'; readonly valueType: z.ZodType }
  | { readonly type: 'array'; readonly element: z.ZodType }
  | { readonly type: 'union'; readonly options: readonly z.ZodType[] }
  | { readonly type: 'literal'; readonly values: readonly unknown[] }
  | { readonly type: 'number'; readonly format?: string }
  | { readonly type: 'pipe'; readonly in: z.ZodType }
  | {
      readonly type: 'optional' | 'default' | 'prefault' | 'nullable' | 'readonly';
      readonly innerType: z.ZodType;
    }
  | { readonly type: 'string' | 'boolean' | 'unknown' };
