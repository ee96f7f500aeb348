import { type Failure, fail, isFailure } from '../model/failure.ts';
import { findPlugin } from './find-plugin.ts';
import type { PluginSettings } from './plugin-settings.ts';
import { applicationKeys } from './schema/application.ts';
import type { WorkspaceFile } from './schema/workspace-file.ts';
import type { Environment, Plugins, Tls } from './workspace.ts';
import { lookUp, type Path, placeOf, spotOfKey, spotOfValue, type Tree } from './yaml/tree.ts';

/** The environments of a file without failures. */
export function environmentsOf(file: WorkspaceFile, read: PluginSettings): Record<string, Environment> {
  const all = Object.entries(file.environments).map(([name, given]): [string, Environment] => {
    const own = read.environments.get(name);
    if (!own) throw new Error(`environment ${name} was not read`);
    const homes = Object.entries(given.homes).map(([home, { platform, default: first }]) => ({
      name: home,
      platform,
      default: first,
      settings: own.homes.get(home) ?? {},
    }));
    const tls: Tls | undefined = given.tls ?? (given.domain ? { mode: 'wildcard' } : undefined);
    return [
      name,
      {
        name,
        stage: given.stage ?? name,
        protected: given.protected,
        homes,
        features: own.features,
        ...(given.domain ? { domain: given.domain } : {}),
        ...(tls ? { tls } : {}),
        ...(own.edge ? { edge: own.edge } : {}),
      },
    ];
  });
  return Object.fromEntries(all);
}

/** Names that are missing, that clash, or that nobody knows. Says nothing about what the schema says. */
export function namesFailures(tree: Tree, plugins: Plugins): Failure[] {
  return [...environmentFailures(tree), ...stageFailures(tree, plugins), ...stepFailures(tree, plugins)];
}

function environmentFailures(tree: Tree): Failure[] {
  const environments = lookUp(tree, ['environments']);
  if (environments?.kind !== 'mapping') return [];
  if (environments.fields.size === 0) {
    const place = placeOf(spotOfKey(tree, ['environments']));
    return [fail('missing-key', 'There is no environment to deploy to.', { place })];
  }
  return [...environments.fields.keys()].flatMap((name) => homesFailures(tree, name));
}

function homesFailures(tree: Tree, environment: string): Failure[] {
  const path = ['environments', environment, 'homes'];
  const homes = lookUp(tree, path);
  if (homes?.kind !== 'mapping') return [];
  if (homes.fields.size === 0) {
    const place = placeOf(spotOfKey(tree, path));
    return [fail('missing-key', `The environment \`${environment}\` has no home to deploy to.`, { place })];
  }
  const [first, ...further] = [...homes.fields.keys()].filter(
    (name) => textAt(tree, [...path, name, 'default']) === true,
  );
  return further.map((name) =>
    fail('wrong-value', `The environment \`${environment}\` has two default homes, ${first} and ${name}.`, {
      place: placeOf(spotOfKey(tree, [...path, name, 'default'])),
      hint: 'leave `default: true` at one of them',
    }),
  );
}

function textAt(tree: Tree, path: Path): unknown {
  const found = lookUp(tree, path);
  return found?.kind === 'scalar' ? found.value : undefined;
}

/** A section must not be taken for a key, nor a key for a section. */
function stageFailures(tree: Tree, { features }: Plugins): Failure[] {
  const keys = [...Object.keys(applicationKeys), ...features.flatMap((feature) => Object.keys(feature.keys))];
  return stagePaths(tree)
    .filter(({ stage }) => typeof stage === 'string' && keys.includes(stage))
    .map(({ stage, path }) =>
      fail('wrong-value', `A stage cannot be called \`${stage}\`: that is a key of manifests.`, {
        place: placeOf(spotOfKey(tree, path)),
        found: String(stage),
      }),
    );
}

function stagePaths(tree: Tree): { readonly stage: unknown; readonly path: Path }[] {
  const environments = lookUp(tree, ['environments']);
  const names = environments?.kind === 'mapping' ? [...environments.fields.keys()] : [];
  const stages = lookUp(tree, ['stages']);
  const listed = stages?.kind === 'list' ? stages.items : [];
  return [
    ...names.map((name) => {
      const path = ['environments', name, 'stage'];
      const own = textAt(tree, path);
      return own === undefined ? { stage: name, path: path.slice(0, 2) } : { stage: own, path };
    }),
    ...listed.map((_, index) => ({ stage: textAt(tree, ['stages', index]), path: ['stages', index] })),
  ];
}

function stepFailures(tree: Tree, { steps }: Plugins): Failure[] {
  const process = lookUp(tree, ['process']);
  const entries = process?.kind === 'list' ? process.items : [];
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const own = entry.kind === 'mapping';
    const name = textAt(tree, own ? ['process', index, 'name'] : ['process', index]);
    if (typeof name !== 'string') return [];
    if (seen.has(name)) {
      const place = placeOf(spotOfValue(tree, ['process', index]));
      return [
        fail('duplicate-name', `The process has two steps called \`${name}\`.`, { place, found: name }),
      ];
    }
    seen.add(name);
    const step =
      own || !steps ? undefined : findPlugin(steps, name, 'unknown-step', tree, ['process', index]);
    return isFailure(step) ? [step] : [];
  });
}
