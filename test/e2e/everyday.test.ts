import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Bench, openBank, until, without } from './harness.ts';

/** What people do every day beside deploying, on a real lab. */
let bank: Bench;
const environment = without('mesos') ? 'dev' : 'test1';

before(async () => {
  bank = await openBank();
  await bank.runs(0, 'deploy', 'document:1.0.0', '-e', environment, '--skip', 'watch');
});
after(() => bank[Symbol.asyncDispose]());

test('run finds the tasks of the manifest by the names that people use', async () => {
  const ran = await bank.runs(0, 'run', 'document', '-e', environment, 'migration');
  assert.match(ran.stdout, /schema 1 up/);
  const unknown = await bank.runs(2, 'run', 'document', '-e', environment, 'nothing');
  assert.match(unknown.stderr, /expected: migration, unmigrate\n/);
});

test('a question about what nobody knows is an error, not an empty answer', async () => {
  const where = `nobody -e ${environment}`;
  for (const words of [`logs ${where}`, 'history nobody', 'status nobody', `run ${where} -- ls`]) {
    const ran = await bank.runs(2, ...words.split(' '));
    assert.match(ran.stderr, /\[unknown-app\]/, words);
  }
  const release = await bank.runs(2, 'lock', 'release', 'document', '-e', 'nowhere');
  assert.match(release.stderr, /\[unknown-environment\]/);
  await bank.runs(2, 'sync', '-e', environment, '-t', environment);
  assert.match((await bank.runs(2, 'history', '-e', 'nowhere')).stderr, /\[unknown-environment\]/);
  assert.match((await bank.runs(2, 'logs', 'hcn', '-e', environment)).stderr, /hcn does not run in/);
  assert.equal((await bank.runs(0, 'history', 'hcn')).stdout, 'Nothing was deployed yet.\n');
});

const needsProd = { skip: without('mesos') };
test('an app that is not meant for every stage is a warning, unless it is asked for', needsProd, async () => {
  const manifest = join(bank.folder, 'services/trial.yml');
  writeFileSync(
    manifest,
    'application: {app_name: trial, command: ls, worker: True, test: {instances: 1}}\n',
  );
  const all = await bank.runs(0, 'check', 'trial');
  assert.match(all.stdout, /^warning: services\/trial\.yml:\d+:\d+: trial has no section `prod`/m);
  writeFileSync(
    manifest,
    'application: {app_name: trial, command: ls, worker: True, prod: {instances: 1}}\n',
  );
  const asked = await bank.runs(2, 'check', 'trial', '-e', environment);
  assert.match(asked.stdout, /^error: .*trial has no section `test`/m);
  rmSync(manifest);
});

test('what does not ask, or is over, cannot be approved', async () => {
  const { deployments } = await bank.json('history');
  const ran = await bank.runs(2, 'approve', deployments[0].deployment);
  assert.match(ran.stderr, /is over: done\. \[not-resumable\]/);
});

test('the dry run of a rollback says that the data go back too', async () => {
  await bank.runs(0, 'deploy', 'document:1.1.0', '-e', environment, '--skip', 'watch');
  const back = ['rollback', 'document', '-e', environment, '--dry-run'];
  const plain = await bank.runs(0, ...back);
  assert.doesNotMatch(plain.stdout, /take the data back/);
  const whole = await bank.runs(0, ...back, '--with-migration');
  assert.match(whole.stdout, /! take the data back from schema 1\.1\.0/);
  assert.equal((await bank.json(...back, '--with-migration')).apps[0].unmigrates, '1.1.0');
});

test('a rollback that cannot reach its home begins nothing; after lab up all answers at its old address', async () => {
  const { apps } = await bank.json('status', 'document', '-e', environment);
  const { deployments } = await bank.json('history');
  await bank.runs(0, 'lab', 'down');
  assert.match((await bank.runs(2, 'rollback', 'document', '-e', environment)).stderr, /lab-not-running/);
  assert.equal((await bank.json('history')).deployments.length, deployments.length);
  await bank.runs(0, 'lab', 'up');
  await until('it answers', async () => {
    const answer = await fetch(`${apps[0].address}/version`).catch(() => undefined);
    return answer?.ok ? await answer.json() : undefined;
  });
});
