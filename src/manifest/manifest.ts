import { type Failure, fail, together } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import type { Place } from '../model/note.ts';
import type { ManifestDocument, View } from './document.ts';
import type { Variables } from './expressions/evaluate.ts';
import type { Application } from './schema/application.ts';
import { check } from './validate.ts';
import type { Environment, HomeConfig, Workspace } from './workspace.ts';
import { type Mapping, type Path, placeOf, type Scalar, spotOfKey } from './yaml/tree.ts';

/** A manifest as it reads for one version in one home: section laid over, expressions evaluated, all checked. */
export interface Manifest {
  readonly file: string;
  readonly application: Application;
  /** Values of every feature's own keys, by feature. */
  readonly features: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where a key stands: `['env', 'TOKEN']`; the nearest parent otherwise. */
  place(path: Path): Place;
  has(key: string): boolean;
}

export interface Reader {
  readonly app: string;
  readonly version: string;
  readonly environment: Environment;
  readonly home: HomeConfig;
}

/** `unknown-app`, `missing-section`, `jinja-failed`, and what the schema finds in the values of expressions. */
export function readManifest(workspace: Workspace, reader: Reader): Manifest | Failure {
  const document = workspace.documents.byApp.get(reader.app);
  if (!document) return unknownApp(workspace, reader.app);
  const view = document.views.get(reader.environment.stage);
  if (!view) return missingSection(document, reader.environment);
  const values = evaluateAll(workspace, view, variablesOf(reader));
  if (!(values instanceof Map)) return values;
  const resolve = (scalar: Scalar): unknown => (values.has(scalar) ? values.get(scalar) : scalar.value);
  const checked = check(workspace.documents.rules.schema, view.tree, { resolve });
  if ('failures' in checked)
    return together(checked.failures) ?? missingSection(document, reader.environment);
  return manifestOf(workspace, document, view.tree, checked.value);
}

function manifestOf(
  { documents }: Workspace,
  { file }: ManifestDocument,
  tree: Mapping,
  values: Record<string, unknown>,
): Manifest {
  const features = documents.rules.features.map(
    ({ name, keys }) => [name, pick(values, Object.keys(keys))] as const,
  );
  return {
    file,
    application: values as unknown as Application,
    features: Object.fromEntries(features),
    place: (path) => placeOf(spotOfKey(tree, path)),
    has: (key) => tree.fields.has(key),
  };
}

function pick(values: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}

/** The failure that names the nearest app. */
function unknownApp(workspace: Workspace, app: string): Failure {
  const hint = suggest(app, Object.keys(workspace.manifests));
  return fail('unknown-app', `No manifest in services/ has app_name ${app}.`, {
    found: app,
    ...(hint ? { hint } : {}),
  });
}

function missingSection(document: ManifestDocument, { name, stage }: Environment): Failure {
  const sections = [...document.views.keys()].join(', ') || 'none at all';
  const message = `${document.app} has no section \`${stage}\`, which ${name} needs; it has ${sections}.`;
  return fail('missing-section', message, {
    place: placeOf(document.at),
    found: sections,
    expected: `\`${stage}:\` under \`application:\``,
  });
}

function variablesOf({ app, version, environment, home }: Reader): Variables {
  return {
    k8s: home.platform === 'kubernetes',
    mesos: home.platform === 'mesos',
    platform: home.platform,
    env: environment.name,
    stage: environment.stage,
    app_name: app,
    version,
  };
}

function evaluateAll(
  { documents }: Workspace,
  { templates }: View,
  variables: Variables,
): Map<Scalar, unknown> | Failure {
  const values = new Map<Scalar, unknown>();
  for (const [scalar, template] of templates) {
    const result = documents.evaluator.evaluate(template, variables);
    // The first failure ends it: a manifest full of endless expressions must not cost 100 ms for each.
    if ('error' in result) return evaluationFailed(scalar, result.error);
    values.set(scalar, result.value);
  }
  return values;
}

function evaluationFailed({ at, value }: Scalar, why: string): Failure {
  return fail('jinja-failed', `The expression cannot be evaluated: ${why}${why.endsWith('?') ? '' : '.'}`, {
    place: placeOf(at),
    found: String(value),
  });
}
