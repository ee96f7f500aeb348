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
  const inner = schema && unwrap(schema);
  if (!inner) return [];
  if (inner.def.type === 'object') return Object.keys(inner.def.shape);
  return inner.def.type === 'union' ? inner.def.options.flatMap((option) => keysOf(option as z.ZodType)) : [];
}

function childSchema(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  const inner = unwrap(schema);
  switch (inner.def.type) {
    case 'object':
      return inner.def.shape[String(step)] as z.ZodType | undefined;
    case 'record':
      return inner.def.valueType as z.ZodType;
    case 'array':
      return inner.def.element as z.ZodType;
    case 'union':
      return inner.def.options.map((option) => childSchema(option as z.ZodType, step)).find(Boolean);
    default:
      return undefined;
  }
}

/** The schema inside optional, default and transforming ones: what the file must look like. */
export function unwrap(schema: z.ZodType): Inspected {
  let current = schema as unknown as Inspected;
  for (;;) {
    const { def } = current;
    if (def.type === 'pipe') current = def.in as unknown as Inspected;
    else if (def.type !== 'object' && 'innerType' in def) current = def.innerType as Inspected;
    else return current;
  }
}

/** The parts of zod's definitions that are looked at. */
export interface Inspected {
  readonly def:
    | {
        readonly type: 'object';
        readonly shape: Readonly<Record<string, unknown>>;
        readonly catchall?: unknown;
      }
    | { readonly type: 'record'; readonly valueType: unknown }
    | { readonly type: 'array'; readonly element: unknown }
    | { readonly type: 'union'; readonly options: readonly unknown[] }
    | { readonly type: 'pipe'; readonly in: unknown }
    | {
        readonly type: 'optional' | 'default' | 'prefault' | 'nullable' | 'readonly';
        readonly innerType: unknown;
      };
}
