import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Bench, type Json, openBank, without } from './harness.ts';

const steps = [
  'lock',
  'check',
  'ensure',
  'test:before',
  'migrate',
  'rollout',
  'crons',
  'test:after',
  'watch',
  'notify',
];

/**
 * Kills the command line from outside, at every step as it begins (that is inside it) and as it ends (at the
 * boundary), and resumes: the end is the same, and nothing happened twice.
 */
for (const [environment, platform] of [
  ['dev', 'local'],
  ['test1', 'mesos'],
] as const) {
  describe(`kill -9 of a deployment to ${environment}`, { skip: without(platform) }, () => {
    test('at every step and every boundary: resume finishes, nothing is doubled', async () => {
      await using bench = await openBank();
      let version = 0;
      for (const step of steps) {
        for (const status of ['running', 'over'] as const) {
          version++;
          await deployKillResume(bench, environment, step, status, version % 2 === 1 ? '1.0.0' : '1.1.0');
        }
      }
    });
  });
}

async function deployKillResume(
  bench: Bench,
  environment: string,
  step: string,
  moment: string,
  version: string,
) {
  const where = `killed at ${step} ${moment}`;
  const running = bench.start('deploy', `document:${version}`, '-e', environment, '--json-stream');
  const at = (event: Json) =>
    event.type === 'step' &&
    event.step.name === step &&
    (moment === 'running'
      ? event.step.status === 'running'
      : ['done', 'skipped'].includes(event.step.status));
  const event = await running.event(at);
  running.child.kill('SIGKILL');
  await running.ended;

  const id = event.deployment;
  const before = await bench.json('show', id);
  if (before.status === 'running') {
    const resumed = await bench.run('resume', id);
    assert.equal(resumed.code, 0, `${where}: ${resumed.stderr}`);
  }
  const shown = await bench.json('show', id);
  assert.equal(shown.status, 'done', where);
  assert.ok(
    shown.steps.every((one: Json) => ['done', 'skipped'].includes(one.status)),
    where,
  );
  const [app] = (await bench.json('status', 'document', '-e', environment)).apps;
  assert.equal(app.homes[0].version, version, where);
  const { wanted, healthy } = app.homes[0].instances;
  assert.equal(healthy, wanted, where);
  assert.deepEqual((await bench.json('lock', 'status')).locks, [], where);
  assert.equal(messagesAbout(bench, id), 1, `${where}: messages`);
}

function messagesAbout({ folder }: Bench, id: string): number {
  const path = join(folder, 'data/notifications.jsonl');
  if (!existsSync(path)) return 0;
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes(id)).length;
}
