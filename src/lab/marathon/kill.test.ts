import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startAgent } from '../agent/start-agent.ts';
import { call } from '../http/testing.ts';
import { openPorts } from '../ports.ts';
import { must, until } from '../testing.ts';
import type { AppInfo } from './testing.ts';

/** A cluster as a process of its own: an agent, an orchestrator, Marathon and Chronos in one folder. */
const program = `
import { startAgent } from '${import.meta.dirname}/../agent/start-agent.ts';
import { startChronos } from '${import.meta.dirname}/../chronos/chronos.ts';
import { createOrchestrator } from '${import.meta.dirname}/../orchestrator/create-orchestrator.ts';
import { openPorts } from '${import.meta.dirname}/../ports.ts';
import { startMarathon } from '${import.meta.dirname}/marathon.ts';
const root = process.argv[2];
const ports = await openPorts({ root });
const agent = startAgent({ root, folder: root, ports, images: {} });
const orchestrator = createOrchestrator({ name: 'marathon:t', folder: root + '/o', agent, healthSurvivesRestart: true });
const marathon = await startMarathon({ orchestrator, agent, port: 0, cluster: 't', folder: root + '/m' });
const chronos = await startChronos({ agent, port: 0, cluster: 't', folder: root + '/c' });
orchestrator.start();
console.log(JSON.stringify({ marathon: marathon.url, chronos: chronos.url }));`;

interface Running {
  readonly child: ChildProcess;
  readonly marathon: string;
  readonly chronos: string;
}

interface Stage {
  readonly root: string;
  start(): Promise<Running>;
}

function stage(context: TestContext): Stage {
  const root = mkdtempSync(join(tmpdir(), 'rehome-kill-'));
  const script = join(root, 'cluster.mjs');
  writeFileSync(script, program);
  let child: ChildProcess | undefined;
  context.after(async () => {
    await killHard(child);
    const ports = must(await openPorts({ root }));
    const agent = must(startAgent({ root, folder: root, ports, images: {} }));
    const survivors = await agent.stop(0);
    await agent.close();
    await ports.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    assert.deepEqual(survivors, []);
  });
  return {
    root,
    async start() {
      child = spawn(process.execPath, [script, root], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
      return { child, ...(JSON.parse(line.toString()) as { marathon: string; chronos: string }) };
    },
  };
}

async function killHard(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A process that writes down that it began, once. */
function beginner(root: string, version: number): string {
  return `echo "$MESOS_TASK_ID" >> ${root}/begun-${version}; exec sleep 1000`;
}

test('kill -9 at any moment of a deployment: it ends as it should, and nothing runs twice', async (context) => {
  const { root, start } = stage(context);
  let cluster = await start();
  const app = { id: '/x', cmd: beginner(root, 0), instances: 3, backoffSeconds: 0 };
  assert.equal((await call(`${cluster.marathon}/v2/apps`, 'POST', app)).status, 201);
  for (let version = 1; version <= 5; version++) {
    const settled = async (): Promise<boolean> =>
      (await call(`${cluster.marathon}/v2/deployments`)).text === '[]';
    await until('the deployment ends', settled);
    const put = await call(`${cluster.marathon}/v2/apps/x`, 'PUT', { cmd: beginner(root, version) });
    assert.equal(put.status, 200);
    // Anywhere within the life of a deployment, from outside.
    await pause(Math.random() * 150);
    await killHard(cluster.child);
    cluster = await start();
    await until('the deployment ends', settled);
    const { app: after } = (await call(`${cluster.marathon}/v2/apps/x`)).json as { app: AppInfo };
    const wanted = (put.json as { version: string }).version;
    assert.deepEqual(
      after.tasks.map((task) => [task.state, task.version]),
      Array.from({ length: 3 }, () => ['TASK_RUNNING', wanted]),
    );
    const begun = readFileSync(join(root, `begun-${version}`), 'utf8')
      .trim()
      .split('\n');
    assert.equal(new Set(begun).size, begun.length, 'no task began twice');
  }
});

test('kill -9 at any moment of a cron: no time comes twice, and every run is counted once', async (context) => {
  const { root, start } = stage(context);
  let cluster = await start();
  const job = { name: 'tick', command: `echo "$MESOS_TASK_ID" >> ${root}/ticks`, schedule: 'R//PT1S' };
  assert.equal((await call(`${cluster.chronos}/v1/scheduler/iso8601`, 'POST', job)).status, 204);
  const ticks = (): readonly string[] => {
    try {
      return readFileSync(join(root, 'ticks'), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  for (let kills = 0; kills < 4; kills++) {
    const before = ticks().length;
    await pause(Math.random() * 1000);
    await killHard(cluster.child);
    cluster = await start();
    await until('it goes on', () => ticks().length > before, 30_000);
  }
  // Between two runs the count is exact: also of those that ended while nobody watched.
  await until('every run is counted', async () => {
    const counted = (await call(`${cluster.chronos}/v1/scheduler/job/tick`)).json as { successCount: number };
    return counted.successCount === ticks().length;
  });
  assert.equal(new Set(ticks()).size, ticks().length);
});
