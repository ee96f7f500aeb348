import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realProcesses as processes } from './processes.ts';

test('a command runs to its end, its lines are handed on, its code is told', async () => {
  const lines: string[] = [];
  const exit = await processes.run('echo one; echo "$TWO" >&2; printf three; exit 3', {
    env: { TWO: '2' },
    onLine: (line) => lines.push(line),
  });
  assert.deepEqual(exit, { code: 3, timedOut: false, tail: lines });
  assert.deepEqual(lines.sort(), ['2', 'one', 'three']);
});

test('only the last 50 lines are kept', async () => {
  const { tail } = await processes.run('seq 60');
  assert.equal(tail.length, 50);
  assert.equal(tail.at(-1), '60');
});

test('a folder that does not exist is the exit code 127', async () => {
  const exit = await processes.run('true', { cwd: '/does/not/exist' });
  assert.equal(exit.code, 127);
});

test('out of time or aborted, the whole group ends', async () => {
  const pids: number[] = [];
  const command = 'sleep 1000 & echo $!; wait';
  const onLine = (line: string) => void pids.push(Number(line));
  const slow = await processes.run(command, { timeoutMs: 200, onLine });
  assert.equal(slow.timedOut, true);
  assert.equal(slow.signal, 'SIGTERM');
  const stop = new AbortController();
  const aborted = await processes.run(command, {
    signal: stop.signal,
    onLine: (line) => {
      onLine(line);
      stop.abort();
    },
  });
  assert.equal(aborted.timedOut, false);
  assert.equal(pids.length, 2);
  const deadline = Date.now() + 5_000;
  while (pids.some((pid) => processes.alive(pid)) && Date.now() < deadline)
    await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    pids.filter((pid) => processes.alive(pid)),
    [],
  );
});

test('somebody left behind who holds the output open does not hold the command up', async () => {
  let pid = 0;
  const onLine = (line: string) => {
    pid = Number(line);
  };
  const exit = await processes.run('sleep 1000 & echo $!', { onLine });
  try {
    assert.equal(exit.code, 0);
    assert.equal(processes.alive(pid), true);
  } finally {
    process.kill(pid);
  }
});

test('a process is told from another one with the same number', () => {
  const started = processes.startTime(process.pid);
  assert(started);
  assert.equal(processes.alive(process.pid, started), true);
  assert.equal(processes.alive(process.pid, `${started}0`), false);
  assert.equal(processes.startTime(2 ** 22 + 1), undefined);
  assert.equal(processes.alive(2 ** 22 + 1), false);
});
