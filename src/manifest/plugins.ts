import { z } from 'zod';
import type { ErrorCode } from '../model/errors.ts';
import { type Failure, fail, isFailure, together } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import { applicationKeys } from './schema/application.ts';
import type { WorkspaceFile } from './schema/workspace-file.ts';
import { check } from './validate.ts';
import type { Configurable, Environment, Plugins, Typed } from './workspace.ts';
import { lookUp, type Mapping, type Path, placeOf, spotOfKey, spotOfValue, type Tree } from './yaml/tree.ts';

/** The plugin of a name, or a failure that names the nearest one. */
export function findPlugin<P extends { readonly name: string }>(
  plugins: readonly P[],
  name: string,
  code: ErrorCode,
  tree: Tree,
  path: Path,
): P | Failure {
  const plugin = plugins.find((candidate) => candidate.name === name);
  if (plugin) return plugin;
  const kind = code.replace('unknown-', '');
  const known = plugins.map((candidate) => candidate.name);
  const hint = suggest(name, known);
  return fail(code, `There is no ${kind} \`${name}\`.`, {
    place: placeOf(spotOfValue(tree, path)),
    found: name,
    expected: known.join(', '),
    ...(hint ? { hint } : {}),
  });
}

/** Settings at a path whose `type` names the plugin, as that plugin's schema gives them. */
export function readTyped(
  tree: Tree,
  path: Path,
  type: string,
  plugins: readonly Configurable[],
  code: ErrorCode,
): Typed | Failure {
  const plugin = findPlugin(plugins, type, code, tree, [...path, 'type']);
  if (isFailure(plugin)) return plugin;
  const settings = readSettings(plugin, lookUp(tree, path), ['type']);
  return isFailure(settings) ? settings : { ...settings, type };
}

/** What a plugin makes of its own keys; `common` ones are not its business. */
export function readSettings(
  { settings }: Configurable,
  tree: Tree | undefined,
  common: readonly string[],
): Record<string, unknown> | Failure {
  if (tree?.kind !== 'mapping') throw new Error('settings are checked to be a mapping before');
  const fields = new Map([...tree.fields].filter(([key]) => !common.includes(key)));
  const checked = check(strict(settings), { ...tree, fields });
  if ('value' in checked) return checked.value as Record<string, unknown>;
  return (
    together(checked.failures) ?? fail('wrong-value', 'The settings are wrong.', { place: placeOf(tree.at) })
  );
}

/** Unknown keys are errors, also where a plugin's schema forgot to say so. */
function strict(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

/** Names that must not clash and steps that must exist. */
export function namesFailures(
  tree: Mapping,
  { process, stages }: WorkspaceFile,
  { features, steps }: Plugins,
  environments: readonly Environment[],
): Failure[] {
  const keys = [...Object.keys(applicationKeys), ...features.flatMap((feature) => Object.keys(feature.keys))];
  const clashes = [
    ...environments.map(({ name, stage }) => ({ stage, path: ['environments', name, 'stage'] as Path })),
    ...stages.map((stage, index) => ({ stage, path: ['stages', index] as Path })),
  ].filter(({ stage }) => keys.includes(stage));
  return [
    ...clashes.map(({ stage, path }) => stageClash(tree, stage, path)),
    ...stepFailures(tree, process, steps),
  ];
}

function stageClash(tree: Mapping, stage: string, path: Path): Failure {
  return fail('wrong-value', `A stage cannot be called \`${stage}\`: that is a key of manifests.`, {
    place: placeOf(spotOfKey(tree, path)),
    found: stage,
  });
}

function stepFailures(tree: Mapping, process: WorkspaceFile['process'], steps: Plugins['steps']): Failure[] {
  const seen = new Set<string>();
  return (process ?? []).flatMap((entry, index) => {
    const name = typeof entry === 'string' ? entry : entry.name;
    const path = ['process', index];
    const twice = seen.has(name);
    seen.add(name);
    if (twice) {
      const place = placeOf(spotOfValue(tree, path));
      return [
        fail('duplicate-name', `The process has two steps called \`${name}\`.`, { place, found: name }),
      ];
    }
    if (typeof entry !== 'string' || !steps) return [];
    const step = findPlugin(steps, name, 'unknown-step', tree, path);
    return isFailure(step) ? [step] : [];
  });
}
