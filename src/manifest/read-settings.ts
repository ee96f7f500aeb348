import { z } from 'zod';
import type { Failure } from '../model/failure.ts';
import { check } from './validate.ts';
import type { Configurable } from './workspace.ts';
import { lookUp, type Path, type Tree } from './yaml/tree.ts';

/** What a plugin's schema makes of its settings; problems are added to `failures`. */
export function readSettings(
  { settings }: Configurable,
  tree: Tree,
  within: Path,
  failures: Failure[],
): Record<string, unknown> | undefined {
  const checked = check(strict(settings), tree, { within });
  if ('value' in checked) return checked.value as Record<string, unknown>;
  failures.push(...checked.failures);
  return undefined;
}

/** Unknown keys are errors, also where a plugin's schema forgot to say so. */
function strict(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

export function keysAt(tree: Tree, path: Path): string[] {
  const at = lookUp(tree, path);
  return at?.kind === 'mapping' ? [...at.fields.keys()] : [];
}
