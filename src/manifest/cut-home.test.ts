import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../model/failure.ts';
import { cutHome } from './cut-home.ts';

function cut(text: string, home = 'mesos'): { text: string; from: number; to: number } {
  const found = cutHome(text, 'test1', home);
  return isFailure(found) ? assert.fail(found.message) : found;
}

const block = `# all of it
environments:
  test1: # the first
    stage: test
    homes:
      # the old one
      mesos: # since 2016
        platform: mesos
        marathon: "http://marathon"   # behind the firewall

        chronos: lab
      # the new one
      k8s: { platform: kubernetes } # since now
    edge: { type: embedded }
`;

test('a home of many lines goes with the comments in it, and nothing else', () => {
  const gone = [
    '      mesos: # since 2016',
    '        platform: mesos',
    '        marathon: "http://marathon"   # behind the firewall',
    '',
    '        chronos: lab',
    '',
  ].join('\n');
  assert.deepEqual(cut(block), { text: block.replace(gone, ''), from: 7, to: 11 });
  assert.equal(
    cut(block, 'k8s').text,
    block.replace('      k8s: { platform: kubernetes } # since now\n', ''),
  );
});

test('a home in one line with others is cut at the comma, wherever it stands', () => {
  const flow = (homes: string) =>
    `environments: {test1: {homes: {${homes}}}, test2: {homes: {mesos: {a: 1}}}}\n`;
  const whole = flow('a: {p: x}, mesos: {p: y, m: "http://z"},  c: {p: z}');
  assert.equal(cut(whole).text, flow('a: {p: x}, c: {p: z}'));
  assert.equal(cut(whole, 'a').text, flow('mesos: {p: y, m: "http://z"},  c: {p: z}'));
  assert.equal(cut(whole, 'c').text, flow('a: {p: x}, mesos: {p: y, m: "http://z"}'));
});

test('the last line need not end; other kinds of line ends stay', () => {
  const short = 'environments:\n  test1:\n    homes:\n      k8s: {p: x}\n      mesos: {p: y}';
  assert.equal(cut(short).text, 'environments:\n  test1:\n    homes:\n      k8s: {p: x}\n');
  const windows = block.replaceAll('\n', '\r\n');
  assert.equal(
    cut(windows, 'k8s').text,
    windows.replace('      k8s: { platform: kubernetes } # since now\r\n', ''),
  );
});

test('what cannot be cut without a change elsewhere is refused', () => {
  const anchored = block.replace('mesos: # since 2016', 'mesos: &old').replace('k8s: {', 'k8s: {<<: *old,');
  for (const text of [anchored, 'environments: {test1: {homes: *all}}\n', 'x: 1\n']) {
    const found = cutHome(text, 'test1', 'mesos');
    assert.ok(isFailure(found) && found.code === 'wrong-value', text);
    assert.match(found.hint ?? '', /environments\.test1\.homes by hand/);
  }
});
