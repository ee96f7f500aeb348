import { type Failure, fail, isFailure } from '../model/failure.ts';
import { findPlugin, readSettings, readTyped } from './plugins.ts';
import type { WorkspaceFile } from './schema/workspace-file.ts';
import type { Environment, FeatureKeys, HomeConfig, Plugins, Typed } from './workspace.ts';
import { type Field, lookUp, type Mapping, placeOf, spotOfKey, type Tree } from './yaml/tree.ts';

/** Environments as far as they are right, and what is wrong with them. */
export interface Environments {
  readonly all: readonly Environment[];
  readonly failures: readonly Failure[];
}

export function readEnvironments(tree: Mapping, file: WorkspaceFile, plugins: Plugins): Environments {
  const names = Object.keys(file.environments);
  if (names.length === 0) {
    const place = placeOf(spotOfKey(tree, ['environments']));
    return { all: [], failures: [fail('missing-key', 'There is no environment to deploy to.', { place })] };
  }
  const failures: Failure[] = [];
  const all = names.map((name) => readEnvironment(tree, name, file, plugins, failures));
  return { all, failures: failures.flatMap((failure) => [failure, ...(failure.more ?? [])]) };
}

function readEnvironment(
  tree: Mapping,
  name: string,
  file: WorkspaceFile,
  plugins: Plugins,
  failures: Failure[],
): Environment {
  const given = file.environments[name];
  if (!given) throw new Error(`no environment ${name}`);
  const edge = readEdge(tree, name, given.edge, plugins);
  if (edge && isFailure(edge)) failures.push(edge);
  return {
    name,
    stage: given.stage ?? name,
    protected: given.protected,
    homes: readHomes(tree, name, given.homes, plugins, failures),
    features: readFeatures(tree, name, plugins.features, failures),
    ...(given.domain ? { domain: given.domain } : {}),
    ...(edge && !isFailure(edge) ? { edge } : {}),
  };
}

function readEdge(
  tree: Mapping,
  environment: string,
  edge: { readonly type: string } | undefined,
  { edges }: Plugins,
): Typed | Failure | undefined {
  return edge && readTyped(tree, ['environments', environment, 'edge'], edge.type, edges, 'unknown-edge');
}

type GivenHomes = WorkspaceFile['environments'][string]['homes'];

function readHomes(
  tree: Mapping,
  environment: string,
  homes: GivenHomes,
  { platforms }: Plugins,
  failures: Failure[],
): HomeConfig[] {
  const path = ['environments', environment, 'homes'];
  failures.push(...homesFailures(tree, environment, homes));
  return Object.entries(homes).flatMap(([name, given]) => {
    const at = [...path, name];
    const platform = findPlugin(platforms, given.platform, 'unknown-platform', tree, [...at, 'platform']);
    const settings = isFailure(platform)
      ? platform
      : readSettings(platform, lookUp(tree, at), ['platform', 'default']);
    if (isFailure(settings)) {
      failures.push(settings);
      return [];
    }
    return [{ name, platform: given.platform, default: given.default, settings }];
  });
}

function homesFailures(tree: Mapping, environment: string, homes: GivenHomes): Failure[] {
  const path = ['environments', environment, 'homes'];
  if (Object.keys(homes).length === 0) {
    const place = placeOf(spotOfKey(tree, path));
    return [fail('missing-key', `The environment \`${environment}\` has no home to deploy to.`, { place })];
  }
  const [first, ...further] = Object.keys(homes).filter((name) => homes[name]?.default);
  return further.map((name) =>
    fail('wrong-value', `The environment \`${environment}\` has two default homes, ${first} and ${name}.`, {
      place: placeOf(spotOfKey(tree, [...path, name, 'default'])),
      hint: 'leave `default: true` at one of them',
    }),
  );
}

/** The common settings of each feature with the environment's own laid over, checked as one. */
function readFeatures(
  tree: Mapping,
  environment: string,
  features: readonly FeatureKeys[],
  failures: Failure[],
): Record<string, unknown> {
  const common = lookUp(tree, ['features']);
  const own = lookUp(tree, ['environments', environment, 'features']);
  const settings: Record<string, unknown> = {};
  for (const name of new Set([...keysOf(common), ...keysOf(own)])) {
    const at = own?.kind === 'mapping' && own.fields.has(name) ? own : (common ?? tree);
    const feature = findPlugin(features, name, 'unknown-feature', tree, []);
    if (isFailure(feature)) {
      failures.push({ ...feature, place: placeOf(spotOfKey(at, [name])) });
      continue;
    }
    const read = readFeature(feature, fieldOf(common, name), fieldOf(own, name));
    if (read && isFailure(read)) failures.push(read);
    else if (read) settings[name] = read;
  }
  return settings;
}

/** Undefined where the environment says that it lacks the feature. */
function readFeature(
  { name, settings }: FeatureKeys,
  common: Field | undefined,
  own: Field | undefined,
): Record<string, unknown> | Failure | undefined {
  if (isOff(own?.value) || (!own && isOff(common?.value))) return undefined;
  const given = [common, own].filter((field) => field !== undefined && !isOff(field.value)) as Field[];
  const fields = new Map<string, Field>();
  for (const { at, value } of given) {
    if (value.kind !== 'mapping') {
      return fail('wrong-type', `The settings of feature \`${name}\` must be a mapping, or false.`, {
        place: placeOf(at),
      });
    }
    for (const [key, field] of value.fields) fields.set(key, field);
  }
  const at = given.at(-1)?.at;
  if (!at) return undefined;
  if (!settings) {
    return fail('unknown-feature', `The feature \`${name}\` has nothing to configure.`, {
      place: placeOf(at),
    });
  }
  return readSettings({ name, settings }, { kind: 'mapping', at, fields }, []);
}

function isOff(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === false;
}

function keysOf(tree: Tree | undefined): string[] {
  return tree?.kind === 'mapping' ? [...tree.fields.keys()] : [];
}

function fieldOf(tree: Tree | undefined, key: string): Field | undefined {
  return tree?.kind === 'mapping' ? tree.fields.get(key) : undefined;
}
