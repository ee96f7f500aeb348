import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  box,
  homeUnderTest,
  must,
  releaseOf,
  reveal,
  until,
} from '../../../../test/suites/platform/under-test.ts';
import { type KubernetesHome, noCluster, startHome } from '../../../../test/support/kubernetes-home.ts';
import type { Job } from '../../../model/app.ts';
import { isFailure } from '../../../model/failure.ts';
import { list, record } from '../../json.ts';
import { kubernetes } from '../platform.ts';

const skip = noCluster();

/** One-off tasks that do not end as they should, on a real cluster. */
describe('tasks', { concurrency: 4, skip }, () => {
  let place: KubernetesHome;
  const t = homeUnderTest({ platform: kubernetes, start: async () => (place = await startHome()) });
  before(() => t.start());
  after(() => t.stop());

  const run = (id: string) => ({ id, app: 'tasks', release: releaseOf(box('tasks'), 'd1'), reveal });

  test('a pod that is evicted is the fault of the cluster', async () => {
    const running = t.home().runJob(task(polite), run('evicted'));
    const pod = await podOf('evicted');
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } };
    assert.equal((await place.ask('POST', `pods/${pod}/eviction`, eviction)).status, 201);
    const result = must(await running);
    assert.equal(result.ok, false);
    assert.match(
      result.why,
      /^fault of the cluster: pod evicted-\S+ was taken away: Eviction API: evicting$/,
    );
  });

  test('a pod that somebody deletes', async () => {
    const running = t.home().runJob(task(polite), run('deleted'));
    const pod = await podOf('deleted');
    await place.ask('DELETE', `pods/${pod}`);
    const result = must(await running);
    assert.equal(result.ok, false);
    assert.match(result.why, /^exit code 143 \(SIGTERM\)$|taken away/);
  });

  test('a task that somebody removes', async () => {
    const running = t.home().runJob(task(polite), run('removed'));
    await podOf('removed');
    await place.ask('DELETE', 'jobs/removed', { propagationPolicy: 'Background' });
    const result = await running;
    assert(isFailure(result));
    assert.equal(result.message, 'The cluster does not know Job removed any more; somebody removed it.');
  });

  test('an image that is not there needs no deadline, and nothing is left of the task', async () => {
    const result = must(
      await t
        .home()
        .runJob({ ...task('true'), image: 'test/box:9.9.9', timeoutMs: 120_000 }, run('imageless')),
    );
    assert.equal(result.ok, false);
    assert.match(result.why, /^the image cannot be pulled: .*9\.9\.9/);
    await until('it is gone', async () => (await place.ask('GET', 'jobs/imageless')).status === 404);
  });

  test('a task without room says so when its time is over', async () => {
    const resources = { cpus: 1_000, memory: 32, cpuLimit: 'soft' } as const;
    const result = must(
      await t.home().runJob({ ...task('true'), resources, timeoutMs: 2_000 }, run('roomless')),
    );
    assert.match(
      result.why,
      /^it was ended after 2 s, which is all it may take; fault of the cluster: no node takes pod .*Insufficient cpu/,
    );
  });

  test('its secrets belong to it, and go with it', async () => {
    const env = { TOKEN: { kind: 'Secret', ref: 'env:TOKEN' } as const };
    const result = must(await t.home().runJob({ ...task('echo "$TOKEN"'), env }, run('secretive')));
    assert.deepEqual(result, { ok: true, exitCode: 0, why: 'done', log: ['s3cret'] });
    const job = await place.ask('GET', 'jobs/secretive');
    assert(!JSON.stringify(job.body).includes('s3cret'));
    await place.ask('DELETE', 'jobs/secretive', { propagationPolicy: 'Background' });
    const left = async () => list(record((await place.ask('GET', 'secrets')).body)['items']);
    await until('the Secret is gone', async () => (await left()).length === 0);
  });

  test('a client that was killed finds its task again', async () => {
    const receipts = join(t.root(), 'killed');
    const job = task(`echo ran >> '${receipts}'; sleep 3; echo finished`);
    const client = spawn(
      process.execPath,
      ['--input-type=module', '-e', clientScript(job, run('killed').release)],
      {
        stdio: 'ignore',
      },
    );
    await until('it has begun', () => existsSync(receipts));
    client.kill('SIGKILL');
    await once(client, 'exit');
    const lines: string[] = [];
    const result = must(
      await t.home().runJob(job, { ...run('killed'), onLine: (line: string) => lines.push(line) }),
    );
    assert.equal(result.ok, true, result.why);
    assert.deepEqual(lines, ['finished']);
    assert.equal(readFileSync(receipts, 'utf8'), 'ran\n');
  });

  /** What another process does who runs the same task. */
  function clientScript(job: Job, release: object): string {
    const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    return `
      const { kubernetes } = await import(${source('../platform.ts')});
      const { realHost } = await import(${source('../../../host/real.ts')});
      const context = { host: realHost(), environment: 'test1', home: 'a', root: '/', reveal: () => '' };
      const home = kubernetes.connect(${JSON.stringify(place.settings)}, context);
      const run = { id: 'killed', app: 'tasks', release: ${JSON.stringify(release)}, reveal: () => '' };
      await home.runJob(${JSON.stringify(job)}, run);`;
  }

  /** Name of the pod of a task, once it runs. */
  async function podOf(job: string): Promise<string> {
    let name = '';
    await until(`${job} runs`, async () => {
      const pods = list(record((await place.ask('GET', 'pods')).body)['items']);
      const own = pods.find((pod) => String(record(pod['metadata'])['name']).startsWith(`${job}-`));
      name = String(record(own?.['metadata'])['name']);
      return record(own?.['status'])['phase'] === 'Running';
    });
    return name;
  }
});

/** The first process of a container has to be told to end when it is told to. */
const polite = `trap 'exit 143' TERM; sleep 120 & wait`;

function task(command: string): Job {
  return {
    kind: 'Job',
    name: 'migrate',
    purpose: 'migrate',
    image: 'test/box:1.0.0',
    command,
    env: {},
    resources: { cpus: 0.02, memory: 32, cpuLimit: 'soft' },
    timeoutMs: 60_000,
  };
}
