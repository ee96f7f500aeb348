import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Job } from '../../../src/model/app.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { box, type HomeUnderTest, must, needs, releaseOf, reveal, until } from './under-test.ts';

/** One-off tasks: awaited to their end, and found again by their id. */
export function testJobs(t: HomeUnderTest): void {
  const run = (id: string, more = {}) => ({
    id,
    app: 'tasks',
    release: releaseOf(box('tasks'), 'd1'),
    reveal,
    ...more,
  });

  test('a task that goes well hands its lines on', async (context) => {
    if (!needs(context, t, 'jobs')) return;
    const lines: string[] = [];
    const job = task('echo "one $TOKEN"; echo two', { TOKEN: { kind: 'Secret', ref: 'env:TOKEN' } });
    const result = must(
      await t.home().runJob(job, run('tasks-good-d1', { onLine: (line: string) => lines.push(line) })),
    );
    assert.equal(result.ok, true, result.why);
    if (!t.capabilities.logs) return;
    assert.deepEqual(lines, ['one s3cret', 'two']);
    assert.deepEqual(result.log, lines);
  });

  test('a task that fails says with which code, and what it said last', async (context) => {
    if (!needs(context, t, 'jobs')) return;
    const result = must(await t.home().runJob(task('echo "no such table" >&2; exit 7'), run('tasks-bad-d1')));
    assert.equal(result.ok, false);
    if (!t.capabilities.logs) return;
    assert.equal(result.exitCode, 7);
    assert.match(result.why, /7/);
    assert.deepEqual(result.log, ['no such table']);
  });

  test('a task is found again by its id, while it runs and after its end, and never run twice', async (context) => {
    if (!needs(context, t, 'jobs')) return;
    const receipts = join(t.root(), 'receipts');
    const job = task(`echo ran >> '${receipts}'; sleep 1; echo finished`);
    const stop = new AbortController();
    const first = t.home().runJob(job, run('tasks-again-d1', { signal: stop.signal }));
    await until('it has begun', () => existsSync(receipts));
    stop.abort();
    const interrupted = await first;
    assert(isFailure(interrupted) && interrupted.code === 'interrupted');
    const second = must(await t.again().runJob(job, run('tasks-again-d1')));
    assert.equal(second.ok, true, second.why);
    const third = must(await t.again().runJob(job, run('tasks-again-d1')));
    assert.equal(third.ok, true, third.why);
    if (t.capabilities.logs) assert.deepEqual(third.log, ['finished']);
    assert.equal(readFileSync(receipts, 'utf8'), 'ran\n');
  });

  test('a task that takes too long is ended', async (context) => {
    if (!needs(context, t, 'jobs')) return;
    const result = must(
      await t.home().runJob({ ...task('sleep 60'), timeoutMs: 1_000 }, run('tasks-slow-d1')),
    );
    assert.equal(result.ok, false);
    assert.match(result.why, /1 s/);
  });
}

function task(command: string, env: Job['env'] = {}): Job {
  return {
    kind: 'Job',
    name: 'migrate',
    purpose: 'migrate',
    image: 'test/box:1.0.0',
    command,
    env,
    resources: { cpus: 0.02, memory: 32, cpuLimit: 'soft' },
    timeoutMs: 30_000,
  };
}
