import { z } from 'zod';
import { type Failure, fail } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import type { Evaluator } from './expressions/guarded.ts';
import type { Template } from './expressions/template.ts';
import { overlay } from './overlay.ts';
import { applicationKeys } from './schema/application.ts';
import { parseTemplates } from './templates.ts';
import { check } from './validate.ts';
import type { FeatureKeys } from './workspace.ts';
import { type Field, type Mapping, placeOf, type Scalar, type Spot, type Tree } from './yaml/tree.ts';

/** All manifests of a workspace, parsed once, and what is needed to read them for a home. */
export interface Documents {
  readonly byApp: ReadonlyMap<string, ManifestDocument>;
  readonly rules: ManifestRules;
  readonly evaluator: Evaluator;
  /** Some `uses:` holds an expression, so that who uses whom differs from home to home. */
  readonly usesDiffer: boolean;
}

/** What a manifest may hold. */
export interface ManifestRules {
  readonly schema: z.ZodType<Record<string, unknown>>;
  readonly features: readonly FeatureKeys[];
  /** Names of sections; undefined where rehome.yaml could not be read. */
  readonly stages?: ReadonlySet<string>;
}

/** One manifest, parsed but not yet read for a home. */
export interface ManifestDocument {
  readonly file: string;
  readonly app: string;
  /** Where the name stands. */
  readonly at: Spot;
  /** By stage: the application with that section laid over. */
  readonly views: ReadonlyMap<string, View>;
}

export interface View {
  readonly tree: Mapping;
  /** The texts in it that are to be evaluated. */
  readonly templates: ReadonlyMap<Scalar, Template>;
}

/** A manifest may have sections of these names though no environment has such a stage: they are not used here. */
export const customaryStages: readonly string[] = [
  ...['dev', 'development', 'local', 'ci', 'sandbox', 'demo'],
  ...['test', 'testing', 'qa', 'uat', 'int', 'integration', 'perf', 'load'],
  ...['stage', 'staging', 'preprod', 'preproduction', 'prod', 'production'],
];

export function manifestRules(features: readonly FeatureKeys[], stages?: ReadonlySet<string>): ManifestRules {
  const keys = Object.assign({}, applicationKeys, ...features.map((feature) => feature.keys));
  return { schema: z.strictObject(keys), features, ...(stages ? { stages } : {}) };
}

/** Reads what one manifest says for every home alike; each problem found on the way is in `failures`. */
export function readDocument(
  file: string,
  tree: Tree | undefined,
  rules: ManifestRules,
): { readonly document?: ManifestDocument; readonly failures: readonly Failure[] } {
  const failures: Failure[] = [];
  const application = applicationOf(file, tree, failures);
  if (!application) return { failures };
  const { base, sections } = split(application, rules, failures);
  const views = new Map<string, View>();
  for (const [stage, section] of sections) views.set(stage, viewOf(overlay(base, section), rules, failures));
  // A key that every section replaces is to be right as well.
  const common = viewOf(base, rules, failures);
  const name = base.fields.get('app_name')?.value;
  if (name?.kind !== 'scalar' || typeof name.value !== 'string') return { failures };
  if (common.templates.has(name)) failures.push(templatedName(name));
  return { document: { file, app: name.value, at: name.at, views }, failures };
}

function viewOf(tree: Mapping, rules: ManifestRules, failures: Failure[]): View {
  const templates = parseTemplates(tree, failures);
  const checked = check(rules.schema, tree, { unknown: (scalar) => templates.has(scalar) });
  if ('failures' in checked) failures.push(...checked.failures);
  return { tree, templates };
}

function applicationOf(file: string, tree: Tree | undefined, failures: Failure[]): Mapping | undefined {
  if (tree?.kind !== 'mapping') {
    const place = tree ? placeOf(tree.at) : { file, line: 1, column: 1 };
    failures.push(
      tree === undefined || (tree.kind === 'scalar' && tree.value === null)
        ? fail('missing-key', `${file} is empty; a manifest begins with \`application:\`.`, { place })
        : fail('wrong-type', `${file} must be a mapping that begins with \`application:\`.`, { place }),
    );
    return undefined;
  }
  for (const [key, { at }] of tree.fields) {
    if (key !== 'application' && !key.startsWith('x-')) failures.push(unknownKey(key, at, ['application']));
  }
  const application = tree.fields.get('application');
  if (application?.value.kind === 'mapping') return application.value;
  failures.push(
    application
      ? fail('wrong-type', '`application` must be a mapping.', {
          place: placeOf(application.at),
          expected: 'a mapping',
        })
      : fail('missing-key', `${file} has no \`application:\`.`, {
          place: placeOf(tree.at),
          expected: '`application`',
        }),
  );
  return undefined;
}

function unknownKey(key: string, at: Spot, known: Iterable<string>): Failure {
  const hint = suggest(key, known) ?? 'docs/manifest.md has all keys; keys that begin with x- are free';
  return fail('unknown-key', `\`${key}\` is not a known key of a manifest.`, {
    place: placeOf(at),
    found: key,
    hint,
  });
}

/** Tells sections from keys, and both from keys that nobody knows. */
function split(application: Mapping, rules: ManifestRules, failures: Failure[]) {
  const known = Object.keys((rules.schema as z.ZodObject).shape);
  const fields = new Map<string, Field>();
  const sections = new Map<string, Mapping>();
  for (const [key, field] of application.fields) {
    if (key.startsWith('x-')) continue;
    if (known.includes(key)) fields.set(key, field);
    else if (isSection(key, field, rules)) sections.set(key, sectionOf(key, field, known, failures));
    else failures.push(unknownEntry(key, field, [...(rules.stages ?? customaryStages), ...known]));
  }
  return { base: { ...application, fields }, sections };
}

function unknownEntry(key: string, { at, value }: Field, known: readonly string[]): Failure {
  const failure = unknownKey(key, at, known);
  if (failure.hint?.startsWith('did') || value.kind !== 'mapping') return failure;
  return {
    ...failure,
    hint: 'a section of a stage that rehome.yaml does not know? list it there under `stages:`',
  };
}

function isSection(key: string, { value }: Field, { stages }: ManifestRules): boolean {
  return stages ? stages.has(key) || customaryStages.includes(key) : value.kind === 'mapping';
}

function sectionOf(
  key: string,
  { at, value }: Field,
  known: readonly string[],
  failures: Failure[],
): Mapping {
  const fields = new Map<string, Field>();
  if (value.kind === 'mapping') {
    const allowed = known.filter((name) => name !== 'app_name');
    for (const [name, field] of value.fields) {
      if (allowed.includes(name)) fields.set(name, field);
      else if (!name.startsWith('x-')) failures.push(unknownInSection(name, field.at, allowed));
    }
  } else if (value.kind !== 'scalar' || value.value !== null) {
    failures.push(
      fail('wrong-type', `The section \`${key}\` must be a mapping.`, {
        place: placeOf(value.at),
        expected: 'a mapping',
      }),
    );
  }
  return { kind: 'mapping', at: value.kind === 'mapping' ? value.at : at, fields };
}

function unknownInSection(key: string, at: Spot, known: readonly string[]): Failure {
  const failure = unknownKey(key, at, known);
  return key === 'app_name' ? { ...failure, hint: 'the name is the same in every stage' } : failure;
}

function templatedName({ at, value }: Scalar): Failure {
  return fail('wrong-value', '`app_name` must be the same in every home, so it cannot be an expression.', {
    place: placeOf(at),
    found: String(value),
  });
}
