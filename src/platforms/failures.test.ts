import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureCounter, whyFailed } from './failures.ts';

const start = (incarnation: number, hasEnded = false, instance = 'a') => ({
  instance,
  incarnation,
  hasEnded,
});

test('in a new version every start after the first tells of a failure, and so does a task that waits', () => {
  const count = failureCounter();
  const look = { isNew: true, last: undefined };
  assert.equal(count({ ...look, starts: [start(1)] }).tasks.size, 0);
  assert.equal(count({ ...look, starts: [start(1, true)] }).tasks.size, 1);
  assert.equal(count({ ...look, starts: [start(2)] }).tasks.size, 1);
  assert.equal(count({ ...look, starts: [start(3, true), start(2, false, 'b')] }).tasks.size, 4);
});

test('in an old version only what comes after the first look counts', () => {
  const count = failureCounter();
  const look = { isNew: false, last: undefined };
  assert.equal(count({ ...look, starts: [start(7, true)] }).tasks.size, 0);
  assert.equal(count({ ...look, starts: [start(8)] }).tasks.size, 0);
  assert.equal(count({ ...look, starts: [start(9)] }).tasks.size, 1);
});

test('the failure that the platform remembers counts once, also of an instance that is gone', () => {
  const count = failureCounter();
  const last = { task: 'a._app.1', message: 'Command exited with status 1' };
  const starts = [start(2)];
  assert.equal(count({ starts, isNew: true, last }).tasks.size, 1);
  const failures = count({ starts, isNew: true, last: { task: 'gone._app.1', message: 'killed' } });
  assert.equal(whyFailed(failures), '2 tasks of the new version failed, the last one: killed');
});
