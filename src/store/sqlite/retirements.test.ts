import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../../model/failure.ts';
import { openSqliteStore } from './sqlite.ts';

test('a reading is kept once for each home of an app, until it is forgotten', async () => {
  const store = open();
  const reading = { app: 'hcn', environment: 'test1', home: 'mesos', at: '2026-01-01T00:00:00.000Z' };
  assert.equal(await store.reading('hcn', 'test1', 'mesos'), undefined);
  await store.saveReading({ ...reading, requests: { mesos: 3, k8s: 4 } });
  await store.saveReading({ ...reading, home: 'k8s', requests: { mesos: 3 } });
  await store.saveReading({ ...reading, requests: { mesos: 5, k8s: 4 } });
  assert.deepEqual(await store.reading('hcn', 'test1', 'mesos'), {
    ...reading,
    requests: { mesos: 5, k8s: 4 },
  });
  await store.forgetReading('hcn', 'test1', 'mesos');
  assert.equal(await store.reading('hcn', 'test1', 'mesos'), undefined);
  assert.notEqual(await store.reading('hcn', 'test1', 'k8s'), undefined);
  store.close();
});

test('snapshots are kept whole, latest first, and one retirement has one', async () => {
  const store = open();
  const objects = [{ kind: 'service', id: 'hcn', body: { env: { TOKEN: '(env:TOKEN)' } } }];
  const snapshot = { id: 'd1', app: 'hcn', environment: 'test1', home: 'mesos', objects };
  const manifest = { file: 'services/hcn.yml', text: 'application: {}\n' };
  await store.saveSnapshot({ ...snapshot, at: '2026-01-01T00:00:00.000Z', objects: [] });
  await store.saveSnapshot({ ...snapshot, at: '2026-01-01T00:00:01.000Z', manifest });
  await store.saveSnapshot({ ...snapshot, id: 'd2', home: 'k8s', at: '2026-01-02T00:00:00.000Z' });
  const all = await store.snapshots({ app: 'hcn', environment: 'test1' });
  assert.ok(!isFailure(all));
  assert.deepEqual(
    all.map(({ id }) => id),
    ['d2', 'd1'],
  );
  assert.deepEqual(await store.snapshots({ home: 'mesos' }), [
    { ...snapshot, at: '2026-01-01T00:00:01.000Z', manifest },
  ]);
  assert.deepEqual(await store.snapshots({ app: 'nobody' }), []);
  store.close();
});

test('a retirement is no release: whoever asks for what was shipped does not get it', async () => {
  const store = open();
  const start = { app: 'hcn', version: '1', environment: 'test1', models: {}, steps: [], options: {} };
  for (const [id, action] of [
    ['d1', 'deploy'],
    ['d2', 'rollback'],
    ['d3', 'retire'],
  ] as const) {
    const claim = await store.begin({ ...start, id, action, holder: 'anna@here' });
    assert.ok(!isFailure(claim));
    await store.finish(claim, { status: 'done' });
  }
  const ids = async (shipped: boolean) => {
    const found = await store.deployments({ app: 'hcn', status: 'done', ...(shipped ? { shipped } : {}) });
    return isFailure(found) ? found : found.map(({ deployment }) => deployment);
  };
  assert.deepEqual(await ids(true), ['d2', 'd1']);
  assert.deepEqual(await ids(false), ['d3', 'd2', 'd1']);
  store.close();
});

function open() {
  const store = openSqliteStore(':memory:', { now: Date.now, alive: () => true });
  return isFailure(store) ? assert.fail(store.message) : store;
}
