import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { must, openFiles, plugins, seedWorkspace, writeFiles } from '../../test/support/workspace.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { findWorkspace, openWorkspace } from './open.ts';
import { findWhere } from './where.ts';

const hcn = 'application: {app_name: hcn, test: {}}\n';

test('a workspace is found from any folder in it', (t) => {
  const root = writeFiles(t, { 'rehome.yaml': seedWorkspace, 'services/deep/er/x.txt': '' });
  assert.equal(findWorkspace(join(root, 'services/deep/er')), root);
  assert.equal(findWorkspace(root), root);
  const outside = writeFiles(t, { 'x.txt': '' });
  assert.equal((findWorkspace(outside) as Failure).code, 'no-workspace');
  assert.equal((openWorkspace(outside, plugins) as Failure).code, 'no-workspace');
});

test('tls: one certificate for all where there is a domain, unless it says otherwise', (t) => {
  const tlsOf = (lines: string) =>
    must(openFiles(t, { 'hcn.yml': hcn }, `${seedWorkspace}    ${lines}\n`)).environments['prod']?.tls;
  assert.equal(tlsOf('protected: true'), undefined);
  assert.deepEqual(tlsOf('domain: example.org'), { mode: 'wildcard' });
  assert.deepEqual(tlsOf('tls: {secret: mine}'), { mode: 'wildcard', secret: 'mine' });
  assert.deepEqual(tlsOf('domain: example.org\n    tls: {mode: none}'), { mode: 'none' });
  const perHost = { mode: 'per-host', issuer: 'acme' };
  assert.deepEqual(tlsOf('tls: {mode: per-host, issuer: acme}'), perHost);
});

test('what a workspace says', (t) => {
  const file = `${seedWorkspace}    protected: True
    domain: example.org
    edge: {type: haproxy, socket: /run/x}
    features: {rmq: {url: "amqp://own"}, mongo: false}
features: {rmq: {url: "amqp://all", password: "env:P"}, mongo: {url: m}}
process: [lock, {name: mine, exec: ./x, env: {A: 1}}, rollout, {name: ask, approve: "Go?"}]
notify: [{type: webhook, url: "https://x.org"}]
images: {"anna-repo/{app}:{version}": "images/{app}/{version}"}
store: env:DATABASE
moves: {stages: [1, 100], soak: 24h}
stages: [pilot]
x-anything: [1, {x-y: 2}]
`;
  const workspace = must(openFiles(t, { 'hcn.yml': hcn }, file));
  const { test1, prod } = workspace.environments;
  assert.deepEqual(prod, {
    name: 'prod',
    stage: 'prod',
    protected: true,
    domain: 'example.org',
    tls: { mode: 'wildcard' },
    homes: [
      {
        name: 'mesos',
        platform: 'mesos',
        default: false,
        settings: { marathon: 'http://127.0.0.1:1', chronos: 'http://127.0.0.1:2' },
      },
    ],
    edge: { type: 'haproxy', socket: '/run/x' },
    features: { rmq: { url: 'amqp://own', password: 'env:P' } },
  });
  assert.deepEqual(test1?.features, { rmq: { url: 'amqp://all', password: 'env:P' }, mongo: { url: 'm' } });
  assert.deepEqual(
    test1?.homes.map(({ name }) => name),
    ['mesos', 'k8s'],
  );
  assert.deepEqual(workspace.process, [
    'lock',
    { name: 'mine', exec: './x', env: { A: '1' } },
    'rollout',
    { name: 'ask', approve: 'Go?' },
  ]);
  assert.deepEqual(workspace.notify, [{ type: 'webhook', url: 'https://x.org' }]);
  assert.deepEqual(workspace.moves.plan.stages, [1, 100]);
  assert.equal(workspace.moves.plan.soakMs, 24 * 3_600_000);
  assert.equal(workspace.moves.plan.gate.latencySlackMs, 20);
  assert.equal(workspace.store, 'env:DATABASE');
  assert.deepEqual(workspace.manifests, { hcn: 'services/hcn.yml' });
  assert.deepEqual(workspace.place(['environments', 'prod', 'edge']), {
    file: 'rehome.yaml',
    line: 17,
    column: 5,
  });
  assert.deepEqual(workspace.place(['environments', 'prod', 'nothing']), {
    file: 'rehome.yaml',
    line: 13,
    column: 5,
  });
});

test('an environment and a home are found by name, or the nearest is named', (t) => {
  const workspace = must(openFiles(t, {}));
  const found = must(findWhere(workspace, 'test1.k8s'));
  assert.deepEqual([found.environment.name, found.home?.platform], ['test1', 'kubernetes']);
  assert.equal(must(findWhere(workspace, 'test1')).home, undefined);
  for (const [text, code, hint] of [
    ['tets1', 'unknown-environment', 'did you mean test1?'],
    ['test1.k8', 'unknown-home', 'did you mean k8s?'],
    ['test1.', 'unknown-home', 'known: mesos, k8s'],
    ['', 'unknown-environment', 'known: test1, prod'],
    ['constructor', 'unknown-environment', 'known: test1, prod'],
    ['__proto__.x', 'unknown-environment', 'known: test1, prod'],
  ] as const) {
    const failure = findWhere(workspace, text);
    assert.ok(isFailure(failure), text);
    assert.deepEqual([failure.code, failure.hint], [code, hint]);
  }
});

test('files that are no text, too large, unreadable, or not for us', (t) => {
  const latin = Buffer.from('application:\n  app_name: caf\xe9\n', 'latin1');
  const large = `application: {app_name: big, test: {}}\n${'# x\n'.repeat(40_000)}`;
  const root = writeFiles(t, {
    'rehome.yaml': seedWorkspace,
    'services/latin.yml': latin,
    'services/large.yml': large,
    'services/control.yml': 'application:\n  app_name: "a\u0000b"\n',
    'services/bom.yml': `\uFEFF${hcn}`,
    'services/crlf.yaml': 'application:\r\n  app_name: crlf\r\n  test: {}\r\n',
    'services/.hidden.yml': '{',
    'services/notes.txt': '{',
  });
  mkdirSync(join(root, 'services/folder.yml'));
  const failure = openWorkspace(root, plugins) as Failure;
  const told = [failure, ...(failure.more ?? [])].map(
    ({ code, place }) => `${place?.file}:${place?.line} ${code}`,
  );
  assert.deepEqual(told, [
    'services/control.yml:2 yaml-syntax',
    'services/folder.yml:1 file-unusable',
    'services/large.yml:1 too-large',
    'services/latin.yml:2 yaml-syntax',
  ]);
});

test('hostile files cost little', (t) => {
  const size = 120_000;
  const hostile: Readonly<Record<string, string>> = {
    flow: '['.repeat(size),
    maps: '{a: '.repeat(size / 4),
    list: '- '.repeat(size / 2),
    keys: '? '.repeat(size / 2),
    anchors: '&a '.repeat(size / 3),
    commas: `[${','.repeat(size)}`,
    colons: ': '.repeat(size / 2),
    bomb: `${Array.from({ length: 30 }, (_, n) => `x-${n}: &a${n} [${`*a${n - 1},`.repeat(n && 9)}1]`).join('\n')}`,
    braces: `application: {app_name: a, test: {}, command: "${'{{ '.repeat(size / 4)}"}`,
    spaces: `application: {app_name: a, test: {}, command: "${' '.repeat(size)}{{ 1 }}"}`,
    parentheses: `application: {app_name: a, test: {}, command: "{{ ${'('.repeat(4_000)} }}"}`,
    names: `application: {${'a'.repeat(size)}: 1}`,
    many: `application: {${Array.from({ length: 9_000 }, (_, n) => `k${n}: 1`).join(', ')}}`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    const before = process.cpuUsage();
    assert.ok(isFailure(openFiles(t, { [`${name}.yml`]: text })), name);
    // Time of the processor, which a busy machine does not stretch; the worst of them takes 0.8 s.
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1_000_000 < 8, name);
  }
});
