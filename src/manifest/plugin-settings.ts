import type { ErrorCode } from '../model/errors.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { readFeatures } from './feature-settings.ts';
import { findPlugin } from './find-plugin.ts';
import { keysAt, readSettings } from './read-settings.ts';
import type { Configurable, Plugins, Typed } from './workspace.ts';
import { lookUp, type Path, type Tree } from './yaml/tree.ts';

/** What plugins make of their own keys in rehome.yaml, as far as they are right. */
export interface PluginSettings {
  readonly environments: ReadonlyMap<string, EnvironmentSettings>;
  readonly notify: readonly Typed[];
  readonly failures: readonly Failure[];
}

interface EnvironmentSettings {
  readonly homes: ReadonlyMap<string, Record<string, unknown>>;
  readonly features: Readonly<Record<string, unknown>>;
  readonly edge?: Typed;
}

/** Looks only where names and settings are as they should be; the schema of the file says the rest. */
export function readPluginSettings(tree: Tree, plugins: Plugins): PluginSettings {
  const failures: Failure[] = [];
  const environments = new Map<string, EnvironmentSettings>();
  for (const name of keysAt(tree, ['environments'])) {
    const path = ['environments', name];
    const edge = readTyped(tree, [...path, 'edge'], 'type', plugins.edges, 'unknown-edge', failures);
    environments.set(name, {
      homes: readHomes(tree, [...path, 'homes'], plugins, failures),
      features: readFeatures(tree, name, plugins.features, failures),
      ...(edge ? { edge: { ...edge.settings, type: edge.name } } : {}),
    });
  }
  return { environments, notify: readNotify(tree, plugins, failures), failures };
}

function readHomes(tree: Tree, path: Path, { platforms }: Plugins, failures: Failure[]) {
  const homes = new Map<string, Record<string, unknown>>();
  for (const name of keysAt(tree, path)) {
    const home = readTyped(tree, [...path, name], 'platform', platforms, 'unknown-platform', failures);
    if (home) homes.set(name, home.settings);
  }
  return homes;
}

function readNotify(tree: Tree, { notifiers }: Plugins, failures: Failure[]): Typed[] {
  const list = lookUp(tree, ['notify']);
  const entries = list?.kind === 'list' ? list.items : [];
  return entries.flatMap((_, index) => {
    const read = readTyped(tree, ['notify', index], 'type', notifiers, 'unknown-notifier', failures);
    return read ? [{ ...read.settings, type: read.name }] : [];
  });
}

/** Settings at a path where `key` names the plugin, as that plugin's schema gives them. */
function readTyped(
  tree: Tree,
  path: Path,
  key: 'type' | 'platform',
  plugins: readonly Configurable[],
  code: ErrorCode,
  failures: Failure[],
): { readonly name: string; readonly settings: Record<string, unknown> } | undefined {
  const name = lookUp(tree, [...path, key]);
  const settings = lookUp(tree, path);
  if (settings?.kind !== 'mapping' || name?.kind !== 'scalar' || typeof name.value !== 'string')
    return undefined;
  const plugin = findPlugin(plugins, name.value, code, tree, [...path, key]);
  if (isFailure(plugin)) {
    failures.push(plugin);
    return undefined;
  }
  const common: readonly string[] = [key, 'default'].slice(0, key === 'platform' ? 2 : 1);
  const fields = new Map([...settings.fields].filter(([field]) => !common.includes(field)));
  const read = readSettings(plugin, { ...settings, fields }, path, failures);
  return read && { name: plugin.name, settings: read };
}
