import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Failure, fail, isFailure, together } from '../model/failure.ts';
import { readConfiguration } from './configuration.ts';
import { type ManifestDocument, manifestRules, readDocument } from './document.ts';
import { createEvaluator } from './expressions/guarded.ts';
import { manifestFolder, workspaceFileName } from './names.ts';
import { readText } from './text.ts';
import { usesDiffer, usesFailures } from './uses.ts';
import type { Plugins, Workspace } from './workspace.ts';
import { parseYaml } from './yaml/parse.ts';
import { placeOf } from './yaml/tree.ts';

/** The nearest folder with a rehome.yaml: this one or one above. `no-workspace`. */
export function findWorkspace(folder: string): string | Failure {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(join(current, workspaceFileName))) return current;
    if (dirname(current) === current) {
      return fail('no-workspace', `There is no ${workspaceFileName} in ${resolve(folder)} or above.`);
    }
  }
}

/**
 * Reads rehome.yaml and all manifests and checks them. A Failure carries every problem of every file, ordered
 * by place.
 */
export function openWorkspace(root: string, plugins: Plugins): Workspace | Failure {
  if (!existsSync(join(root, workspaceFileName))) {
    return fail('no-workspace', `There is no ${workspaceFileName} in ${resolve(root)}.`);
  }
  const configuration = readConfiguration(root, plugins);
  const rules = manifestRules(plugins.features, configuration.stages);
  const manifests = readManifests(root, rules);
  const byApp = indexed(manifests.documents);
  const failures = [
    ...configuration.failures,
    ...manifests.failures,
    ...byApp.failures,
    ...usesFailures([...byApp.documents.values()]),
  ];
  const failure = together(inOrder(failures));
  if (failure) return failure;
  if (!configuration.settings) throw new Error('a configuration without failures has settings');
  return {
    root: resolve(root),
    ...configuration.settings,
    manifests: Object.fromEntries([...byApp.documents].map(([app, { file }]) => [app, file])),
    documents: {
      byApp: byApp.documents,
      rules,
      evaluator: createEvaluator(),
      usesDiffer: usesDiffer(manifests.documents),
    },
  };
}

function readManifests(root: string, rules: ReturnType<typeof manifestRules>) {
  const documents: ManifestDocument[] = [];
  const failures: Failure[] = [];
  for (const name of manifestFiles(root)) {
    const text = readText(root, `${manifestFolder}/${name}`);
    if (isFailure(text)) {
      failures.push(text);
      continue;
    }
    const parsed = parseYaml(text);
    failures.push(...parsed.failures);
    // After a syntax error every further problem may be its consequence.
    if (parsed.failures.some(({ code }) => code !== 'duplicate-key')) continue;
    const read = readDocument(text.file, parsed.tree, rules);
    failures.push(...read.failures);
    if (read.document) documents.push(read.document);
  }
  return { documents, failures };
}

function manifestFiles(root: string): string[] {
  const folder = join(root, manifestFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .sort();
}

function indexed(all: readonly ManifestDocument[]) {
  const documents = new Map<string, ManifestDocument>();
  const failures: Failure[] = [];
  for (const document of all) {
    const first = documents.get(document.app);
    if (!first) {
      documents.set(document.app, document);
      continue;
    }
    const other = placeOf(first.at);
    failures.push(
      fail(
        'duplicate-name',
        `Two manifests have app_name ${document.app}: this one and ${other.file}:${other.line}.`,
        {
          place: placeOf(document.at),
          found: document.app,
          hint: 'rename one of the two',
        },
      ),
    );
  }
  return { documents, failures };
}

/** Ordered by place, each once: two stages often show the same problem. */
function inOrder(failures: readonly Failure[]): Failure[] {
  const distinct = new Map(failures.map((failure) => [JSON.stringify(failure), failure]));
  return [...distinct.values()].sort((a, b) => {
    const byFile = rank(a).localeCompare(rank(b));
    if (byFile !== 0) return byFile;
    return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
  });
}

function rank({ place }: Failure): string {
  return place?.file === workspaceFileName ? '' : (place?.file ?? '');
}
