import assert from 'node:assert/strict';
import { test } from 'node:test';
import { box, releaseOf, reveal } from '../../../test/suites/platform/under-test.ts';
import { fakeClock, fakeHost, fakeHttp } from '../../host/fake.ts';
import { isFailure } from '../../model/failure.ts';
import type { Json } from '../json.ts';
import { stampLabels } from '../labels.ts';
import { stampsOf } from '../remarks.ts';
import { compile } from './compile.ts';
import { connect } from './home.ts';

const settings = { marathon: 'http://m' };
const target = { environment: 'test1', home: 'a', settings };
const start = Date.parse('2026-11-23T06:50:00.000Z');
const version = '2026-11-23T06:49:52.282Z';
const app = box('hcn', { instances: 2 });

/** One look at a Marathon that shows the app like this, a minute after its change. */
async function look(live: Json, more: { readonly queue?: readonly Json[]; readonly since?: number } = {}) {
  const clock = fakeClock(start + 60_000);
  const [object] = compile(app, target).objects;
  const labels = stampLabels(stampsOf(releaseOf(app, 'd1'), object?.remarks, {}));
  const shown = {
    ...object?.body,
    labels,
    version,
    versionInfo: { lastConfigChangeAt: version },
    deployments: [],
    tasks: [],
    ...live,
  };
  const http = fakeHttp(({ url }) => {
    const body = url.endsWith('/v2/queue') ? { queue: more.queue ?? [] } : { app: shown };
    return {
      status: 200,
      headers: { date: new Date(clock.now()).toUTCString() },
      body: JSON.stringify(body),
    };
  });
  const home = connect(settings, {
    host: fakeHost({ clock, http }),
    environment: 'test1',
    home: 'a',
    root: '/',
    reveal,
  });
  const ready = await home.ready(app, { release: releaseOf(app, 'd1'), since: more.since ?? start });
  assert(!isFailure(ready));
  return ready;
}

const good = { alive: true, consecutiveFailures: 0, firstSuccess: version, lastSuccess: version };
const task = (n: number, more: Json = {}) => ({
  id: `hcn.instance-${n}._app.1`,
  state: 'TASK_RUNNING',
  version,
  host: '127.0.0.1',
  ports: [1000 + n],
  startedAt: version,
  healthCheckResults: [good],
  ...more,
});
const deployments = [{ id: 'x' }];

test('done is: nothing under way, all of the new version, all healthy', async () => {
  const done = await look({ tasks: [task(1), task(2)] });
  assert.deepEqual(done, { wanted: 2, running: 2, healthy: 2, done: true, ok: true, why: '' });
  assert.equal((await look({ tasks: [task(1), task(2)], deployments })).done, false);
});

test('scaling gives an app a new version, and its tasks stay of the wanted one', async () => {
  const scaled = await look({ version: '2026-11-23T06:49:59.000Z', tasks: [task(1), task(2)] });
  assert.equal(scaled.ok, true);
});

test('why it waits: offers, the pause after a failure, a check, the last failure, old instances', async () => {
  const offers = {
    app: { id: '/hcn' },
    delay: { timeLeftSeconds: 0, overdue: true },
    processedOffersSummary: {
      rejectSummaryLastOffers: [
        { reason: 'InsufficientCpus', declined: 3 },
        { reason: 'UnfulfilledRole', declined: 0 },
      ],
    },
  };
  const waiting = await look({ tasks: [task(1)], deployments }, { queue: [offers] });
  assert.equal(waiting.why, '1 of 2 healthy; waiting for offers: InsufficientCpus');

  const held = { app: { id: '/hcn' }, delay: { timeLeftSeconds: 4, overdue: false } };
  const failed = {
    taskId: 'hcn.instance-2._app.1',
    timestamp: '2026-11-23T06:50:30.000Z',
    version,
    message: 'Command exited with status 1',
  };
  const pausing = await look(
    { tasks: [task(1), task(2, { state: 'TASK_FAILED', ports: [] })], deployments, lastTaskFailure: failed },
    { queue: [held] },
  );
  assert.equal(
    pausing.why,
    '1 of 2 healthy; the next start is held back for 4 s; last failure: Command exited with status 1',
  );

  const ill = { alive: false, consecutiveFailures: 1, lastFailureCause: '500 Internal Server Error' };
  const sick = await look({ tasks: [task(1), task(2, { healthCheckResults: [ill] })], deployments });
  assert.equal(sick.why, '1 of 2 healthy; health check /health fails: 500 Internal Server Error');

  const leaving = await look({
    tasks: [task(1), task(2), task(3, { version: '2026-11-23T06:40:00.000Z' })],
    deployments,
  });
  assert.equal(leaving.why, '2 of 2 healthy; 1 old instance is still there');
});

test('a failure of an older version, or from before the rollout, does not count', async () => {
  const message = 'Command exited with status 1';
  const older = {
    taskId: 'x',
    timestamp: '2026-11-23T06:50:30.000Z',
    version: '2026-11-23T06:40:00.000Z',
    message,
  };
  const earlier = { taskId: 'x', timestamp: '2026-11-23T06:49:53.000Z', version, message };
  for (const lastTaskFailure of [older, earlier]) {
    const waiting = await look({ tasks: [task(1)], deployments, lastTaskFailure }, { since: start + 30_000 });
    assert.equal(waiting.why, '1 of 2 healthy');
  }
});

test('three failures end it; on an instance that was started again each start counts', async () => {
  const again = task(1, { id: 'hcn.instance-1._app.4', state: 'TASK_FAILED' });
  const looping = await look({ tasks: [again], deployments }, { since: Date.parse(version) });
  assert.deepEqual([looping.done, looping.ok], [true, false]);
  assert.equal(looping.why, '4 tasks of the new version failed, the last one: no reason given');
});

test('what somebody else does is told and ends it', async () => {
  const changed = await look({ cmd: 'other', instances: 5, tasks: [] });
  assert.deepEqual([changed.done, changed.ok], [true, false]);
  assert.equal(changed.why, 'somebody changed cmd, instances of marathon app /hcn');
  const stopped = await look({ tasks: [task(1), task(2, { version: '2026-11-23T06:40:00.000Z' })] });
  assert.equal(stopped.why, 'somebody stopped the rollout of marathon app /hcn half-way');
});
