import { type Failure, isFailure } from '../model/failure.ts';
import { readEnvironments } from './environments.ts';
import { workspaceFileName } from './names.ts';
import { namesFailures, readTyped } from './plugins.ts';
import { type WorkspaceFile, workspaceFile } from './schema/workspace-file.ts';
import { readText } from './text.ts';
import { check } from './validate.ts';
import type { Plugins, Workspace } from './workspace.ts';
import { parseYaml } from './yaml/parse.ts';
import { lookUp, type Mapping, placeOf, spotOfKey, type Tree } from './yaml/tree.ts';

export type Settings = Omit<Workspace, 'root' | 'manifests' | 'documents'>;

export interface Configuration {
  /** Undefined when there are failures. */
  readonly settings?: Settings;
  /** Names that sections of manifests may have; undefined where the file could not be read at all. */
  readonly stages?: ReadonlySet<string>;
  readonly failures: readonly Failure[];
}

/** Reads rehome.yaml: first what every workspace has, then what plugins have a say in. */
export function readConfiguration(root: string, plugins: Plugins): Configuration {
  const text = readText(root, workspaceFileName);
  if (isFailure(text)) return { failures: [text] };
  const parsed = parseYaml(text);
  const at = { source: { file: workspaceFileName, lines: lineless }, offset: 0 };
  const tree: Tree =
    parsed.tree && !isNothing(parsed.tree) ? parsed.tree : { kind: 'mapping', at, fields: new Map() };
  if (parsed.failures.length > 0) return { failures: parsed.failures, ...stagesOf(tree) };
  const checked = check(workspaceFile, tree);
  if ('failures' in checked || tree.kind !== 'mapping') {
    return { failures: 'failures' in checked ? checked.failures : [], ...stagesOf(tree) };
  }
  return configure(tree, checked.value, plugins);
}

function isNothing(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

/** An empty file has but one place. */
const lineless = { linePos: () => ({ line: 1, col: 1 }) };

function configure(tree: Mapping, file: WorkspaceFile, plugins: Plugins): Configuration {
  const environments = readEnvironments(tree, file, plugins);
  const notify = file.notify.map(({ type }, index) =>
    readTyped(tree, ['notify', index], type, plugins.notifiers, 'unknown-notifier'),
  );
  const failures = [
    ...environments.failures,
    ...notify.filter(isFailure),
    ...namesFailures(tree, file, plugins, environments.all),
  ];
  const stages = new Set([...environments.all.map(({ stage }) => stage), ...file.stages]);
  const { conventions, process, images, store, lab, moves, tls } = file;
  return {
    failures: failures.flatMap((failure) => [failure, ...(failure.more ?? [])]),
    stages,
    settings: {
      conventions,
      environments: Object.fromEntries(environments.all.map((one) => [one.name, one])),
      notify: notify.flatMap((entry) => (isFailure(entry) ? [] : [entry])),
      lab,
      moves,
      ...(process ? { process } : {}),
      ...(images ? { images } : {}),
      ...(store ? { store } : {}),
      ...(tls ? { tls } : {}),
      place: (path) => placeOf(spotOfKey(tree, path)),
    },
  };
}

/** Stages as far as they can be told from a file with errors. */
function stagesOf(tree: Tree): { stages?: ReadonlySet<string> } {
  const environments = lookUp(tree, ['environments']);
  if (environments?.kind !== 'mapping') return {};
  const further = lookUp(tree, ['stages']);
  const names =
    further?.kind === 'list' ? further.items.map((item) => (item.kind === 'scalar' ? item.value : '')) : [];
  const stages = [...environments.fields].map(([name, { value }]) => {
    const stage = lookUp(value, ['stage']);
    return stage?.kind === 'scalar' ? stage.value : name;
  });
  return { stages: new Set([...stages, ...names].map(String)) };
}
