import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { plugins, seedWorkspace } from '../../test/support/workspace.ts';
import { jsonSchemas } from './schemas.ts';

const ajv = new Ajv2020({ strict: true, formats: { uri: true, date: true } });
const schemas = jsonSchemas(plugins, ['test', 'prod']);
const manifest = ajv.compile(schemas.manifest);
const workspace = ajv.compile(schemas.workspace);
const loose = ajv.compile(jsonSchemas(plugins).manifest);

function valid(check: typeof manifest, text: string): boolean {
  return check(parse(text)) as boolean;
}

test("the seed's manifests are valid as they stand", () => {
  const folder = join(import.meta.dirname, '../../test/fixtures/seed');
  const files = globSync('*.yml', { cwd: folder });
  assert.equal(files.length, 3);
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.ok(valid(manifest, text), `${file}: ${JSON.stringify(manifest.errors)}`);
    assert.ok(valid(loose, text), file);
  }
});

test('what the schemas refuse and allow', () => {
  const base = 'application: {app_name: a, test: {cpu: 1}';
  for (const text of [
    `${base}, x-mine: 1}`,
    `${base}, prod: }`,
    `${base}, instances: "{{ 2 * 2 }}"}`,
    `${base}, crons: [{name: a, every: 1h, command: x}]}`,
    `${base}, migration: false, tests: {after: [{name: a, http: /}]}, env: {A: 1, B: {secret: "env:X"}}}`,
  ]) {
    assert.ok(valid(manifest, text), `${text} ${JSON.stringify(manifest.errors)}`);
  }
  for (const text of [
    `${base}, mnogo: True}`,
    `${base}, instances: two}`,
    `${base}, canary: {cpu: 1}}`,
    `${base}, kill_grace: 10}`,
    `${base}, prod: {app_name: b}}`,
    'application: {test: {}}',
    'application: {app_name: "{{ env }}"}',
    `${base}}\nother: 1`,
  ]) {
    assert.equal(valid(manifest, text), false, text);
  }
  assert.ok(valid(loose, `${base}, canary: {cpu: 1}}`));
});

test('rehome.yaml: plugins say which settings there are', () => {
  const more =
    'features: {rmq: {url: x}, mongo: false}\nnotify: [{type: webhook, url: "https://x"}]\nx-a: 1\n';
  assert.ok(valid(workspace, seedWorkspace + more), JSON.stringify(workspace.errors));
  for (const [from, to] of [
    ['platform: kubernetes', 'platform: nomad'],
    ['context: lab', 'contxt: lab'],
    ['marathon:', 'marathn:'],
    ['features: {rmq: {url: x}', 'features: {rmq: {}'],
    ['type: webhook', 'type: pigeon'],
    ['conventions:', 'convention:'],
  ] as const) {
    const text = (seedWorkspace + more).replace(from, to);
    assert.notEqual(text, seedWorkspace + more);
    assert.equal(valid(workspace, text), false, to);
  }
});
