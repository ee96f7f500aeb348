import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cronLine } from './cron-line.ts';

test('what Kubernetes takes stays as it was written', () => {
  for (const line of [
    '30 0/1 * * *',
    '*/15 * * * *',
    '0 8 ? * MON-FRI',
    '0,30 1-5/2 1 jan,JUL *',
    '5 4 * * 0',
  ]) {
    assert.equal(cronLine(line), line);
  }
  assert.equal(cronLine('  0   8 * *\t1 '), '0 8 * * 1');
});

test('Sunday is 0, as Kubernetes knows no day 7', () => {
  assert.equal(cronLine('0 8 * * 7'), '0 8 * * 0');
  assert.equal(cronLine('0 8 * * 5-7'), '0 8 * * 5,6,0');
  assert.equal(cronLine('0 8 * * 1,7'), '0 8 * * 1,0');
  assert.equal(cronLine('0 8 * * 1-7/2'), '0 8 * * 1,3,5,0');
});

test('what it refuses is no line', () => {
  const wrong = [
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
  ];
  const odd = [
    '5-1 * * * *',
    '*/0 * * * *',
    '* * L * *',
    '* * * * 1#2',
    '*-5 * * * *',
    '@daily',
    '',
    'a * * * *',
  ];
  for (const line of [...wrong, ...odd]) assert.equal(cronLine(line), undefined, line);
});
