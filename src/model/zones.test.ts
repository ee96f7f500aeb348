import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockIn, isFixed, offsetsOf, offsetsThroughYears } from './zones.ts';

const winter = Date.UTC(2026, 0, 15);
const summer = Date.UTC(2026, 6, 15);

test('clocks of a zone, in winter and in summer', () => {
  const minutes = (zone: string) => [winter, summer].map((at) => offsetsOf(zone)?.(at));
  assert.deepEqual(minutes('Europe/Berlin'), [60, 120]);
  assert.deepEqual(minutes('America/St_Johns'), [-210, -150]);
  assert.deepEqual(minutes('Asia/Kathmandu'), [345, 345]);
  assert.deepEqual(minutes('Australia/Lord_Howe'), [660, 630]);
  for (const zone of ['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT']) assert.deepEqual(minutes(zone), [0, 0]);
  assert.equal(clockIn('Europe/Berlin', summer), summer + 7_200_000);
  assert.equal(clockIn(undefined, summer), summer);
});

test('a zone that nobody knows has no clocks, and is not taken for a steady one', () => {
  assert.equal(offsetsOf('Nowhere/Land'), undefined);
  assert.equal(offsetsThroughYears('Nowhere/Land'), undefined);
  assert(!isFixed('Nowhere/Land') && !isFixed('Europe/Berlin') && isFixed('Europe/Moscow'));
  assert.equal(clockIn('Nowhere/Land', summer), summer);
});
