import { type Failure, isFailure } from '../model/failure.ts';
import { environmentsOf, namesFailures } from './environments.ts';
import { workspaceFileName } from './names.ts';
import { type PluginSettings, readPluginSettings } from './plugin-settings.ts';
import { type WorkspaceFile, workspaceFile } from './schema/workspace-file.ts';
import { readText } from './text.ts';
import { check } from './validate.ts';
import type { Plugins, Workspace } from './workspace.ts';
import { parseYaml } from './yaml/parse.ts';
import { lookUp, type Mapping, placeOf, spotOfKey, type Tree } from './yaml/tree.ts';

type Settings = Omit<Workspace, 'root' | 'manifests' | 'documents'>;

export interface Configuration {
  /** Undefined when there are failures. */
  readonly settings?: Settings;
  /** Names that sections of manifests may have; undefined where the file could not be read at all. */
  readonly stages?: ReadonlySet<string>;
  readonly failures: readonly Failure[];
}

/** Reads rehome.yaml: what every workspace has, and what plugins have a say in. */
export function readConfiguration(root: string, plugins: Plugins): Configuration {
  const text = readText(root, workspaceFileName);
  if (isFailure(text)) return { failures: [text] };
  const parsed = parseYaml(text);
  const tree = parsed.tree && !isNothing(parsed.tree) ? parsed.tree : emptyFile;
  const stages = stagesOf(tree);
  if (parsed.failures.some(({ code }) => code !== 'duplicate-key'))
    return { failures: parsed.failures, ...stages };
  const checked = check(workspaceFile, tree);
  const read = readPluginSettings(tree, plugins);
  const failures = [
    ...parsed.failures,
    ...('failures' in checked ? checked.failures : []),
    ...read.failures,
    ...namesFailures(tree, plugins),
  ];
  if ('failures' in checked || failures.length > 0 || tree.kind !== 'mapping') return { failures, ...stages };
  return { failures, ...stages, settings: settingsOf(tree, checked.value, read) };
}

function isNothing(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

/** An empty file has but one place. */
const emptyFile: Mapping = {
  kind: 'mapping',
  at: { source: { file: workspaceFileName, lines: { linePos: () => ({ line: 1, col: 1 }) } }, offset: 0 },
  fields: new Map(),
};

function settingsOf(tree: Mapping, file: WorkspaceFile, read: PluginSettings): Settings {
  const { conventions, process, images, store, moves } = file;
  return {
    conventions,
    environments: environmentsOf(file, read),
    notify: read.notify,
    moves,
    ...(process ? { process } : {}),
    ...(images ? { images } : {}),
    ...(store ? { store } : {}),
    place: (path) => placeOf(spotOfKey(tree, path)),
  };
}

/** Stages as far as they can be told, also from a file with errors. */
function stagesOf(tree: Tree): { stages?: ReadonlySet<string> } {
  const environments = lookUp(tree, ['environments']);
  if (environments?.kind !== 'mapping') return {};
  const further = lookUp(tree, ['stages']);
  const listed = further?.kind === 'list' ? further.items : [];
  const names = listed.map((item) => (item.kind === 'scalar' ? item.value : ''));
  const stages = [...environments.fields].map(([name, { value }]) => {
    const stage = lookUp(value, ['stage']);
    return stage?.kind === 'scalar' ? stage.value : name;
  });
  return { stages: new Set([...stages, ...names].map(String)) };
}
