import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withoutHaproxy } from '../../../test/suites/edge/haproxy.ts';
import { renderLua } from './lua.ts';
import type { HaproxyModel, Slot } from './model.ts';
import { madeOf, renderConfig, renderMap } from './render.ts';

const at = (id: string, port: number): Slot => ({
  state: 'ready',
  backend: { id, host: '10.0.0.1', port },
});
const free: Slot = { state: 'free' };

const model: HaproxyModel = {
  environment: 'test1',
  paths: { map: 'shares.map', lua: 'rehome.lua', log: 'log.sock', stats: 'admin.sock', scope: '/bank' },
  options: {
    retry: 'safe',
    retryOf: { ledger: 'none', search: 'all' },
    hardStopAfter: '1h',
    threads: 2,
    waitMs: 2_000,
    connectMs: 250,
  },
  fronts: [
    {
      app: 'hcn',
      address: { host: '127.0.0.1', port: 10_001 },
      also: ['127.0.0.3', '::1'],
      shares: { k8s: 10, mesos: 90 },
      cohortCookie: 'uid',
      homes: [
        { home: 'k8s', slots: [at('k1', 31_001), { ...at('k2', 31_002), state: 'out' }, free] },
        { home: 'mesos', slots: [at('m1', 31_003), free] },
      ],
    },
    {
      app: 'ledger',
      address: { host: '127.0.0.1', port: 10_002 },
      also: [],
      shares: { a: 20, b: 0, c: 80 },
      homes: ['a', 'b', 'c'].map((home) => ({ home, slots: [free] })),
    },
    {
      app: 'search',
      address: { host: '127.0.0.1', port: 10_003 },
      also: [],
      shares: { a: 100 },
      homes: [{ home: 'a', slots: [free] }],
    },
  ],
};

test('the configuration is as it was; `--test-update-snapshots` writes it anew', (t) => {
  const file = join(import.meta.dirname, '../../../test/golden/haproxy.cfg');
  t.assert.fileSnapshot(renderConfig(model), file, { serializers: [String] });
});

test('the map has one line an app', () => {
  assert.equal(renderMap(model), 'test1:hcn 1000\ntest1:ledger 2000:2000\ntest1:search 10000\n');
});

test('HAProxy itself finds nothing wrong with it', { skip: withoutHaproxy() }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-haproxy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const paths of [model.paths, { ...model.paths, map: join(folder, 'shares.map') }]) {
    writeFileSync(join(folder, 'haproxy.cfg'), renderConfig({ ...model, paths }));
    writeFileSync(join(folder, 'shares.map'), renderMap(model));
    writeFileSync(join(folder, 'rehome.lua'), renderLua(paths.map));
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
    const checked = spawnSync('haproxy', ['-c', '-f', 'haproxy.cfg'], { cwd: folder, env, encoding: 'utf8' });
    assert.equal(`${checked.stdout}${checked.stderr}`, 'Configuration file is valid\n');
  }
});

test('what the Runtime API changes makes no other configuration, and anything else does', () => {
  const [hcn, ...others] = model.fronts;
  assert.ok(hcn);
  const same = {
    ...hcn,
    shares: { k8s: 50, mesos: 50 },
    homes: hcn.homes.map(({ home, slots }) => ({ home, slots: slots.map(() => free) })),
  };
  assert.equal(madeOf({ ...model, fronts: [same, ...others] }), madeOf(model));
  const address = { host: '127.0.0.1', port: 10_009 };
  assert.notEqual(madeOf({ ...model, fronts: [{ ...hcn, address }, ...others] }), madeOf(model));
  assert.notEqual(madeOf({ ...model, fronts: others }), madeOf(model));
  assert.notEqual(madeOf({ ...model, options: { ...model.options, retry: 'all' } }), madeOf(model));
});
