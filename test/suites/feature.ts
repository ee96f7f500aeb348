import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Feature, FeatureContext } from '../../src/features/feature.ts';
import { build, must, openFiles, seedWorkspace } from '../support/workspace.ts';

/** What the suite needs to know about a feature. */
export interface FeatureCase {
  /** Settings as rehome.yaml would give them, where the feature has any. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Values of the feature's keys that switch it off although they are given. */
  readonly off?: Readonly<Record<string, unknown>>;
}

/** What every feature must do. A feature's own test calls this and adds what is special about it. */
export function testFeature(feature: Feature, { settings, off }: FeatureCase): void {
  const { name, keys } = feature;

  test(`${name}: every key is optional, described, and fit for a schema`, () => {
    assert.ok(feature.summary.length > 0);
    for (const [key, schema] of Object.entries(keys)) {
      assert.ok(schema.safeParse(undefined).success, `${key} is required`);
      assert.ok(
        (schema.description ?? schema.meta()?.description ?? '').length > 0,
        `${key} has no description`,
      );
    }
    assert.doesNotThrow(() => z.toJSONSchema(z.strictObject({ ...keys }), { io: 'input' }));
  });

  test(`${name}: a manifest that does not use it gets nothing`, () => {
    assert.equal(feature.contribute(contextOf({}, undefined)), undefined);
    if (!off) return;
    const contribution = feature.contribute(contextOf(off, undefined));
    assert.deepEqual({ ...contribution?.env, ...contribution?.crons, ...contribution?.routes }, {});
  });

  test(`${name}: its example builds without a note in every home`, (t) => {
    const configured = settings
      ? `${seedWorkspace}features: {${name}: ${JSON.stringify(settings)}}\n`
      : seedWorkspace;
    const workspace = must(openFiles(t, { 'example.yml': feature.example }, configured));
    const [app = ''] = Object.keys(workspace.manifests);
    for (const home of ['test1.mesos', 'test1.k8s']) {
      const built = must(build(workspace, app, home));
      assert.deepEqual(built.notes, []);
      assert.deepEqual(built, {
        ...must(build(workspace, app, home)),
        place: built.place,
        origin: built.origin,
      });
    }
  });

  test(`${name}: it changes nothing that it is given, and gives the same twice`, () => {
    const values = valuesOf(feature);
    assert.ok(Object.keys(values).length > 0, 'the example uses no key of the feature');
    const given = structuredClone({ values, settings });
    const once = feature.contribute(contextOf(values, settings));
    assert.ok(once);
    assert.deepEqual(feature.contribute(contextOf(values, settings)), once);
    assert.deepEqual({ values, settings }, given);
    for (const variable of Object.keys(once.env ?? {})) assert.match(variable, /^[A-Z_][A-Z0-9_]*$/);
  });

  if (feature.settings) testSettings(feature, settings);
}

function testSettings(feature: Feature, settings: FeatureCase['settings']): void {
  test(`${feature.name}: without settings it says so, and binds nothing`, (t) => {
    const contribution = feature.contribute(contextOf(valuesOf(feature), undefined));
    assert.ok(contribution?.unconfigured && contribution.unconfigured in feature.keys);
    assert.equal(contribution.env, undefined);
    const workspace = must(openFiles(t, { 'example.yml': feature.example }));
    const [app = ''] = Object.keys(workspace.manifests);
    const [only, ...others] = must(build(workspace, app, 'test1')).notes;
    assert.equal(only?.id, 'feature-not-configured');
    assert.equal(only?.severity, 'error');
    assert.equal(only?.place?.file, 'services/example.yml');
    assert.deepEqual(others, []);
  });

  test(`${feature.name}: a secret stays a reference`, () => {
    assert.ok(settings, 'the case gives settings');
    const secret = Object.fromEntries(Object.keys(settings).map((key) => [key, 'env:SOME_SECRET']));
    const { env = {} } = feature.contribute(contextOf(valuesOf(feature), secret)) ?? {};
    assert.ok(Object.keys(env).length > 0);
    for (const value of Object.values(env))
      assert.deepEqual(value, { kind: 'Secret', ref: 'env:SOME_SECRET' });
  });
}

/** The values of the feature's keys in its own example. */
function valuesOf(feature: Feature): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(feature.keys)) {
    const given = schema.safeParse(exampleValue(feature.example, key));
    if (given.success && given.data !== undefined) values[key] = given.data;
  }
  return values;
}

function exampleValue(example: string, key: string): unknown {
  const { application = {} } = parse(example) as { application?: Record<string, unknown> };
  return application[key];
}

function contextOf(values: unknown, settings: unknown): FeatureContext {
  return {
    app: 'hcn',
    version: '1.0.0',
    environment: 'test1',
    stage: 'test',
    values,
    settings,
    place: () => ({ file: 'services/hcn.yml', line: 1, column: 1 }),
  };
}
