import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Traffic } from './figures.ts';
import { trafficBetween } from './figures.ts';
import { judge } from './gate.ts';
import { plan } from './testing.ts';

const { gate } = plan;

function traffic(requests: number, errors = 0, ms = 10, overflow = 0): Traffic {
  return { requests, errors, overflow, latencies: [[ms, requests]] };
}

test('like the old home passes, with the figures', () => {
  const verdict = judge(gate, { from: traffic(900), to: traffic(100) });
  assert.deepEqual(verdict, { verdict: 'pass', why: '0 % errors of 100, p99 10 ms (old home 10 ms)' });
});

test('more errors than the old home fails, as many passes', () => {
  const worse = judge(gate, { from: traffic(900, 9), to: traffic(100, 3) });
  assert.deepEqual(worse, { verdict: 'fail', why: '3 % errors (3 of 100), at most 2 % may be' });
  assert.equal(judge(gate, { from: traffic(900, 90), to: traffic(100, 10) }).verdict, 'pass');
});

test('requests that the old home had to take over are errors of the new one', () => {
  const verdict = judge(gate, { from: traffic(900, 0, 10, 50), to: traffic(50) });
  assert.equal(verdict.verdict, 'fail');
  assert.match(verdict.why, /50 % errors \(50 of 100\)/);
});

test('few requests are no verdict, unless what is known is bad', () => {
  assert.equal(judge(gate, { from: traffic(900), to: traffic(5) }).verdict, 'inconclusive');
  assert.equal(
    judge(gate, { from: traffic(900), to: traffic(5, 1) }).verdict,
    'inconclusive',
    'one error is nobody',
  );
  assert.equal(judge(gate, { from: traffic(900), to: traffic(5, 4) }).verdict, 'fail');
});

test('slower than the factor and the slack allow fails; a few slow ones do not', () => {
  const slow = judge(gate, { from: traffic(900), to: traffic(200, 0, 80) });
  assert.deepEqual(slow, { verdict: 'fail', why: 'p99 is 80 ms, at most 35 ms may be (old home 10 ms)' });
  assert.equal(judge(gate, { from: traffic(50), to: traffic(50, 0, 80) }).verdict, 'pass', 'of few old ones');
  const slowest = (count: number): Traffic => ({
    ...traffic(100),
    latencies: [
      [10, 100 - count],
      [80, count],
    ],
  });
  assert.equal(judge(gate, { from: traffic(900), to: slowest(4) }).verdict, 'pass', 'four may be chance');
  assert.equal(judge(gate, { from: traffic(900), to: slowest(6) }).verdict, 'fail');
});

test('instances that had to be replaced fail', () => {
  const verdict = judge(gate, { from: traffic(900), to: traffic(100), restarts: 1 });
  assert.deepEqual(verdict, { verdict: 'fail', why: '1 instance was replaced, at most 0 may be' });
});

test('with all the traffic, the new home is held against what the old one had', () => {
  const verdict = judge(gate, { from: traffic(0), to: traffic(900, 0, 80), baseline: traffic(500) });
  assert.equal(verdict.verdict, 'fail');
});

test('counters that began anew say nothing of the window', () => {
  const stats = (requests: number) => ({
    home: 'a',
    backends: 1,
    inFlight: 0,
    websockets: 0,
    ...traffic(requests),
  });
  assert.equal(trafficBetween([stats(100)], [stats(20)], 'a'), undefined);
  assert.equal(trafficBetween([stats(100)], [stats(120)], 'a')?.requests, 20);
  assert.equal(trafficBetween([], [stats(120)], 'a')?.requests, 120);
});
