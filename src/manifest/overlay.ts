import type { Field, Mapping } from './yaml/tree.ts';

/** Keys whose mappings are laid over entry by entry; every other key of a section replaces the common one. */
const merged: ReadonlySet<string> = new Set(['env', 'health', 'rollout']);

/** An application with a section laid over it. Places stay those of the files. */
export function overlay(base: Mapping, section: Mapping): Mapping {
  const fields = new Map(base.fields);
  for (const [key, field] of section.fields) {
    const below = fields.get(key);
    fields.set(key, below && merged.has(key) ? mergeField(below, field) : field);
  }
  return { kind: 'mapping', at: base.at, fields };
}

function mergeField(below: Field, above: Field): Field {
  if (below.value.kind !== 'mapping' || above.value.kind !== 'mapping') return above;
  const fields = new Map([...below.value.fields, ...above.value.fields]);
  return { at: above.at, value: { kind: 'mapping', at: above.value.at, fields } };
}
