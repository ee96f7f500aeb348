import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeClock, fakeClock, fakeHost, fakeHttp } from '../../host/fake.ts';
import type { HttpRequest } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { apiOf } from '../api.ts';
import type { Json } from '../json.ts';
import { applyJob, putJob } from './apply-job.ts';
import { chronosAt } from './chronos.ts';

/** A Chronos of one job, whose answers can be spoilt. */
function fakeChronos(root = '/v1/scheduler', start?: number) {
  const clock = fakeClock(start);
  const posts: Json[] = [];
  const jobs = new Map<string, Json>();
  let spoil: ((request: HttpRequest, carryOut: () => void) => Failure | undefined) | undefined;
  const http = fakeHttp((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === `${root}/jobs`)
      return { status: 200, headers: {}, body: JSON.stringify([...jobs.values()]) };
    if (pathname !== `${root}/iso8601`) return { status: 404, headers: {}, body: '' };
    const carryOut = () => {
      const job = request.json as Json;
      posts.push(job);
      jobs.set(String(job['name']), job);
    };
    const failure = spoil?.(request, carryOut);
    if (failure) return failure;
    carryOut();
    return { status: 204, headers: {}, body: '' };
  });
  const chronos = chronosAt(apiOf('Chronos', 'http://c', fakeHost({ clock, http })), undefined);
  return { chronos, clock, posts, jobs, spoil: (how: typeof spoil) => (spoil = how) };
}

/** Lets time pass as soon as somebody waits for it, until the work is done. */
async function runOn<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  void work.finally(() => (isDone = true)).catch(() => {});
  while (!isDone) await clock.advance(100);
  return await work;
}

const job = { name: 'x', description: 'rehome app=a', disabled: true, schedule: 'R//PT1H' };
const cut = fail('unreachable', 'cut');

test('the old path of Chronos 2 is found out', async () => {
  const { chronos, posts } = fakeChronos('/scheduler');
  assert.deepEqual(await chronos.jobs(), []);
  assert.equal(await chronos.put(job), undefined);
  assert.equal(posts.length, 1);
});

test('a write whose answer was lost is looked after, and not repeated when it was carried out', async () => {
  const { chronos, clock, posts, spoil } = fakeChronos();
  spoil((_, carryOut) => {
    carryOut();
    return cut;
  });
  assert.equal(await runOn(clock, putJob({ chronos, clock }, job)), undefined);
  assert.equal(posts.length, 1);
});

test('one that was not carried out is repeated, but not for ever', async () => {
  const { chronos, clock, posts, spoil } = fakeChronos();
  let failures = 1;
  spoil(() => (failures-- > 0 ? cut : undefined));
  assert.equal(await runOn(clock, putJob({ chronos, clock }, job)), undefined);
  assert.equal(posts.length, 1);
  spoil(() => cut);
  const failure = await runOn(clock, putJob({ chronos, clock }, { ...job, description: 'rehome app=b' }));
  assert(isFailure(failure) && failure.code === 'unreachable');
});

const context = { release: { app: 'a', version: '1', deployment: 'd', fingerprint: 'f' }, reveal: () => '' };
const wanted: NativeObject = {
  kind: 'chronos job',
  id: 'x',
  body: { name: 'x', schedule: 'R//PT1H', command: 'new' },
};

test('a replacement keeps counters, unknown fields, phase and duty', async () => {
  const { chronos, clock, jobs } = fakeChronos('/v1/scheduler', Date.parse('2026-01-01T00:30:00Z'));
  const before = {
    name: 'x',
    schedule: 'R/2026-01-01T01:10:00.000Z/PT1H',
    command: 'old',
    successCount: 7,
    owner: 'me@x',
    disabled: false,
  };
  jobs.set('x', before);
  assert.equal(await runOn(clock, applyJob({ chronos, clock }, wanted, context)), undefined);
  const { description, ...after } = jobs.get('x') ?? {};
  assert.deepEqual(after, { ...before, command: 'new' });
  assert.match(String(description), /^rehome app=a version=1 deployment=d/);
});

test('a job of another app is left alone', async () => {
  const { chronos, clock, jobs, posts } = fakeChronos();
  jobs.set('x', { name: 'x', description: 'rehome app=other', schedule: 'R//PT1H', disabled: true });
  const failure = await runOn(clock, applyJob({ chronos, clock }, wanted, context));
  assert(isFailure(failure) && failure.code === 'refused');
  assert.match(failure.message, /belongs to the app other/);
  assert.equal(posts.length, 0);
});

test('nothing is written while a launch is due: the job is read again behind it', async () => {
  const due = Date.parse('2026-01-01T01:00:00Z');
  const { chronos, clock, jobs } = fakeChronos('/v1/scheduler', due - 300);
  jobs.set('x', {
    name: 'x',
    schedule: 'R/2026-01-01T01:00:00.000Z/PT1H',
    command: 'old',
    successCount: 7,
    disabled: false,
  });
  const applied = applyJob({ chronos, clock }, wanted, context);
  await clock.asleep();
  await clock.advance(350);
  jobs.set('x', { ...jobs.get('x'), schedule: 'R/2026-01-01T02:00:00.000Z/PT1H', successCount: 8 });
  assert.equal(await runOn(clock, applied), undefined);
  assert.deepEqual(
    [jobs.get('x')?.['schedule'], jobs.get('x')?.['successCount']],
    ['R/2026-01-01T02:00:00.000Z/PT1H', 8],
  );
});
