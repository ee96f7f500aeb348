import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { build, must, openFiles, seedWorkspace } from '../../test/support/workspace.ts';
import { isFailure } from '../model/failure.ts';

/** Application keys with values that are right, for some manifests. */
const application = fc.record(
  {
    cpu: fc.constantFrom(0.25, 0.5, 2),
    mem: fc.constantFrom(128, 512.5),
    instances: fc.nat(5),
    command: fc.constantFrom('run', "{{ 'a' if k8s else 'b' }} {{ version }}"),
    env: fc.dictionary(
      fc.stringMatching(/^[A-Z][A-Z0-9_]{0,5}$/),
      fc.oneof(
        fc.string({ unit: 'grapheme-ascii' }).filter((text) => !/\{[{%#]/.test(text)),
        fc.nat(9),
      ),
    ),
    rmq: fc.boolean(),
    mongo: fc.boolean(),
    worker: fc.boolean(),
    expose: fc.constantFrom({ path: '/a' }, { path: ['/a', '/b'], audience: 'internal' }),
    crons: fc.constantFrom(
      [{ name: 'a', every: '5m', command: 'x' }],
      [{ name: 'b', cron: '1 2 * * *', command: 'y' }],
    ),
    migration: fc.constantFrom('up', { up: 'up', down: 'down' }, false),
    health: fc.constantFrom({ path: '/h' }, false),
    prod: fc.record({ cpu: fc.constantFrom(1, 4), env: fc.constant({ SAME: 'prod' }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

const features = 'features: {rmq: {url: "a/{app}"}, mongo: {url: "env:M"}}\n';

test('a build is deterministic, and the order of keys changes nothing', (t) => {
  fc.assert(
    fc.property(application, fc.infiniteStream(fc.nat()), (given, order) => {
      const manifest = { app_name: 'hcn', test: {}, prod: {}, ...given };
      const texts = [manifest, shuffled(manifest, order)].map((value) => stringify({ application: value }));
      const [first, again, other] = [texts[0], texts[0], texts[1]].map((text = '') => {
        const workspace = must(openFiles(t, { 'hcn.yml': text }, seedWorkspace + features));
        return ['test1.mesos', 'test1.k8s', 'prod'].map((where) => must(build(workspace, 'hcn', where)));
      });
      assert.ok(first && again && other);
      assert.deepEqual(
        again.map(({ app, notes }) => [app, notes]),
        first.map(({ app, notes }) => [app, notes]),
      );
      assert.equal(JSON.stringify(other.map(({ app }) => app)), JSON.stringify(first.map(({ app }) => app)));
    }),
    { numRuns: 60 },
  );
});

/** The same value with the keys of every mapping in another order. */
function shuffled(value: unknown, order: Iterable<number>): unknown {
  const numbers = order[Symbol.iterator]();
  const mix = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(mix);
    if (typeof inner !== 'object' || inner === null) return inner;
    const entries = Object.entries(inner).map(([key, one]) => ({
      key,
      one: mix(one),
      rank: numbers.next().value,
    }));
    entries.sort((a, b) => Number(a.rank) - Number(b.rank));
    return Object.fromEntries(entries.map(({ key, one }) => [key, one]));
  };
  return mix(value);
}

const anyKey = fc.oneof(
  fc.constantFrom(
    'application',
    'app_name',
    'test',
    'prod',
    'cpu',
    'env',
    'crons',
    'chronos_tasks',
    'name',
    'expose',
    'uses',
    'tests',
    '<<',
    'x-a',
  ),
  fc.string(),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('{{ k8s }}', '{{ nope(', 'R//PT1H', '*/5 * * * *', '/api'),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 5 }),
  ),
}));

/** Never throws; and every problem has a place that exists. */
function opens(t: Parameters<typeof openFiles>[0], manifest: string, workspaceFile?: string): void {
  const result = openFiles(t, { 'a.yml': manifest }, workspaceFile);
  if (isFailure(result)) {
    const lines = Math.max(...[manifest, workspaceFile ?? ''].map((text) => text.split('\n').length));
    for (const { place, message } of [result, ...(result.more ?? [])]) {
      assert.ok(place && place.line >= 1 && place.line <= lines && place.column >= 1, message);
    }
    return;
  }
  for (const app of Object.keys(result.manifests)) {
    for (const where of Object.keys(result.environments)) build(result, app, where);
  }
}

test('no text makes it throw', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => opens(t, text)),
    { numRuns: 200 },
  );
  const yamlish = fc.array(
    fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a',
      '*a',
      '<<',
      '|',
      '>',
      '#',
      '!',
      '%',
      '{{',
      '}}',
      'application',
      'app_name',
      'test',
      '\t',
      '---',
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(yamlish, (parts) => opens(t, parts.join(''))),
    { numRuns: 300 },
  );
});

test('no tree makes it throw, in a manifest or in rehome.yaml', (t) => {
  fc.assert(
    fc.property(anyValue, (value) => {
      opens(t, stringify({ application: value }));
      opens(t, stringify({ application: { app_name: 'a', test: value } }));
      opens(
        t,
        '',
        stringify({
          environments: { test: { homes: { l: value }, features: value, edge: value } },
          process: [value],
        }),
      );
      opens(t, '', stringify(value));
    }),
    { numRuns: 150 },
  );
});
