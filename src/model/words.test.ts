import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration } from './duration.ts';
import { nearest, suggest } from './nearest.ts';
import { fillPlaceholders, unknownPlaceholders } from './placeholders.ts';

test('the nearest name is found through slips of the finger', () => {
  const known = ['instances', 'cpu', 'mem', 'mongo', 'chronos_tasks'];
  assert.equal(nearest('instance', known), 'instances');
  assert.equal(nearest('mnogo', known), 'mongo');
  assert.equal(nearest('cronos_tasks', known), 'chronos_tasks');
  assert.equal(nearest('memory', known), undefined);
  assert.equal(nearest('x'.repeat(100_000), known), undefined);
  assert.equal(suggest('instanes', known), 'did you mean instances?');
  assert.equal(suggest('zzz', ['a1', 'b1']), 'known: a1, b1');
});

test('durations are read and written', () => {
  assert.equal(parseDuration('500ms'), 500);
  assert.equal(parseDuration('1.5m'), 90_000);
  assert.equal(parseDuration('24h'), 86_400_000);
  for (const bad of ['', '5', 's', '5 s', '-5s', '1e3s', '5sec', '9'.repeat(20)]) {
    assert.equal(parseDuration(bad), undefined, bad);
  }
  for (const text of ['500ms', '30s', '90s', '5m', '7d', '0ms']) {
    assert.equal(formatDuration(parseDuration(text) ?? -1), text);
  }
});

test('placeholders are filled, shell variables and doubled braces are left alone', () => {
  const values = { app: 'hcn', version: '1.0.0', env: 'test1', stage: 'test' };
  assert.equal(fillPlaceholders('anna-repo/{app}:{version}', values), 'anna-repo/hcn:1.0.0');
  const shell = 'echo $' + '{app} {{app}} {"a":1}';
  assert.equal(fillPlaceholders(shell, values), 'echo $' + '{app} {app} {"a":1}');
  assert.deepEqual(unknownPlaceholders(`{app} {nope} $${'{HOME}'} {{print}}`), ['nope']);
});
