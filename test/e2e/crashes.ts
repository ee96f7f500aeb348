import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { steps } from '../../src/process/steps/index.ts';
import type { Bench, Json } from './harness.ts';

/** Versions of the ledger that `killAtEveryStep` deploys. */
export const versions = steps.flatMap((_, at) => [`1.0.${2 * at}`, `1.0.${2 * at + 1}`]);

/**
 * Kills the command line from outside, at every step as it begins (that is inside it) and as it ends (at the
 * boundary), and resumes: the end is the same, and what the steps do happened once.
 */
export async function killAtEveryStep(bench: Bench, environment: string): Promise<void> {
  let deployments = 0;
  let deaths = 0;
  for (const { name } of steps) {
    for (const moment of ['begins', 'ends'] as const) {
      const version = versions[deployments++] ?? assert.fail('a step too many');
      const id = await deployAndKill(bench, environment, version, name, moment);
      if ((await bench.json('show', id)).status === 'running') {
        deaths++;
        await bench.runs(0, 'resume', id);
      }
      await isDoneOnce(bench, environment, version, id, `killed as ${name} ${moment}`);
    }
  }
  // The very last boundary is the end of the deployment; before it every kill has to have hit.
  assert.ok(deaths >= deployments - 2, `only ${deaths} of ${deployments} were killed before their end`);
}

async function deployAndKill(
  bench: Bench,
  environment: string,
  version: string,
  step: string,
  moment: string,
) {
  const running = bench.start('deploy', `ledger:${version}`, '-e', environment, '--json-stream');
  const statuses = moment === 'begins' ? ['running', 'skipped'] : ['done', 'skipped'];
  const event = await running.event(
    (one) => one.type === 'step' && one.step.name === step && statuses.includes(one.step.status),
  );
  running.child.kill('SIGKILL');
  await running.ended;
  return String(event.deployment);
}

async function isDoneOnce(bench: Bench, environment: string, version: string, id: string, where: string) {
  const shown = await bench.json('show', id);
  assert.equal(shown.status, 'done', where);
  assert.ok(
    shown.steps.every(({ status }: Json) => status === 'done' || status === 'skipped'),
    where,
  );
  const [app] = (await bench.json('status', 'ledger', '-e', environment)).apps;
  assert.equal(app.homes[0].version, version, where);
  assert.deepEqual(app.homes[0].instances, { wanted: 2, running: 2, healthy: 2 }, where);
  assert.deepEqual((await bench.json('lock', 'status')).locks, [], where);
  const times = (file: string, line: string) => linesOf(bench, file).filter((one) => one === line).length;
  assert.equal(times('tasks', `up ${version}`), 1, `${where}: migrations`);
  assert.equal(times('tasks', `probe ${version}`), 1, `${where}: probes`);
  assert.equal(times('tasks', `down ${version}`), 0, where);
  const messages = linesOf(bench, 'messages').filter((line) => line.includes(id));
  assert.equal(messages.length, 1, `${where}: messages`);
}

function linesOf({ folder }: Bench, file: string): string[] {
  return readFileSync(join(folder, 'receipts', file), 'utf8').split('\n');
}
