import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Bench, openBench, until } from '../testing.ts';
import { createOrchestrator } from './create-orchestrator.ts';
import type {
  HealthCheckSpec,
  Orchestrator,
  OrchestratorEvent,
  ServiceConfig,
  Wanted,
} from './orchestrator.ts';

/** A server that answers /health with what the file `health` in its sandbox says, at first 200. */
const server = `exec node -e '
  const fs = require("node:fs");
  require("node:http").createServer((q, s) => {
    let status = 200;
    try { status = Number(fs.readFileSync(process.env.MESOS_SANDBOX + "/health", "utf8")); } catch {}
    s.writeHead(status).end(process.env.GREETING);
  }).listen(process.env.PORT, "127.0.0.1");'`;

const health: HealthCheckSpec = {
  protocol: 'http',
  path: '/health',
  intervalMs: 40,
  timeoutMs: 2_000,
  graceMs: 10_000,
  killAfter: 2,
};

function configOf(command: string, more: Partial<ServiceConfig> = {}): ServiceConfig {
  return {
    command,
    env: {},
    ports: [{}],
    resources: { cpus: 0.1, memory: 32 },
    health: [],
    upgrade: { minHealthy: 1, maxOver: 1 },
    backoff: { delayMs: 50, factor: 2, maxMs: 400 },
    killSelection: 'YOUNGEST_FIRST',
    killGraceMs: 2_000,
    ...more,
  };
}

let rollouts = 0;
function wanted(
  revision: string,
  instances: number,
  config: ServiceConfig,
  mode: Wanted['mode'] = 'replace',
): Wanted {
  return { rollout: `r${++rollouts}`, mode, revision, instances, config };
}

interface Stage {
  readonly bench: Bench;
  readonly events: OrchestratorEvent[];
  orchestrator(): Orchestrator;
  restart(): Promise<void>;
}

async function open(context: TestContext, healthSurvivesRestart = false): Promise<Stage> {
  const bench = await openBench(context);
  const events: OrchestratorEvent[] = [];
  const folder = join(bench.folder, 'orchestrator');
  const begin = (): Orchestrator => {
    const made = createOrchestrator({ name: 'test', folder, agent: bench.agent(), healthSurvivesRestart });
    made.on((event) => events.push(event));
    made.start();
    return made;
  };
  let orchestrator = begin();
  context.after(() => orchestrator.close());
  return {
    bench,
    events,
    orchestrator: () => orchestrator,
    async restart() {
      orchestrator.close();
      await bench.restart();
      orchestrator = begin();
    },
  };
}

const settled = (stage: Stage, key: string) =>
  until(`the rollout of ${key} ends`, () => stage.orchestrator().service(key)?.rollout?.state === 'done');

test('a new service starts, scales by keeping what runs, and stops', async (context) => {
  const stage = await open(context);
  const config = configOf('sleep 60');
  stage.orchestrator().put('/demo/web', wanted('v1', 2, config));
  await settled(stage, '/demo/web');
  const first = stage.orchestrator().service('/demo/web')?.instances ?? [];
  assert.equal(first.length, 2);
  assert.match(first[0]?.taskId ?? '', /^demo_web\.instance-[0-9a-f-]{36}\._app\.1$/);
  stage.orchestrator().put('/demo/web', wanted('v2', 3, config, 'scale'));
  await settled(stage, '/demo/web');
  const scaled = stage.orchestrator().service('/demo/web')?.instances ?? [];
  assert.deepEqual(
    scaled.map(({ revision }) => revision),
    ['v1', 'v1', 'v2'],
  );
  assert.deepEqual(
    scaled.slice(0, 2).map(({ id }) => id),
    first.map(({ id }) => id),
  );
  stage.orchestrator().stop('/demo/web', 'stop');
  await until('it is gone', () => !stage.orchestrator().service('/demo/web'));
  assert.deepEqual(
    stage.events.slice(-2).map(({ type }) => type),
    ['rollout', 'removed'],
  );
  assert.ok(
    stage.bench
      .agent()
      .tasks()
      .every(({ state }) => state === 'TASK_KILLED'),
  );
  assert.deepEqual(fs.readdirSync(join(stage.bench.folder, 'orchestrator')), []);
});

test('an upgrade never has fewer healthy instances than the minimum, nor more than the capacity', async (context) => {
  const stage = await open(context);
  const config = (greeting: string) =>
    configOf(server, {
      health: [health],
      env: { GREETING: greeting },
      upgrade: { minHealthy: 0.6, maxOver: 0.34 },
    });
  stage.orchestrator().put('web', wanted('v1', 3, config('one')));
  await settled(stage, 'web');
  const seen: { healthy: number; all: number }[] = [];
  stage.orchestrator().on(() => {
    const instances = stage.orchestrator().service('web')?.instances ?? [];
    const healthy = instances.filter((one) => one.state === 'TASK_RUNNING' && one.healthy).length;
    seen.push({ healthy, all: instances.length });
  });
  stage.orchestrator().put('web', wanted('v2', 3, config('two')));
  await settled(stage, 'web');
  assert.ok(Math.min(...seen.map(({ healthy }) => healthy)) >= 2, 'ceil(3 × 0.6) = 2');
  assert.equal(Math.max(...seen.map(({ all }) => all)), 4, 'floor(3 × 1.34) = 4');
  const now = stage.orchestrator().service('web')?.instances ?? [];
  assert.deepEqual(
    now.map(({ revision }) => revision),
    ['v2', 'v2', 'v2'],
  );
  assert.ok(now.every(({ serving }) => serving));
  assert.equal(await (await fetch(`http://127.0.0.1:${now[0]?.ports[0]}`)).text(), 'two');
});

test('a version that never becomes healthy leaves the old one serving, and another one supersedes it', async (context) => {
  const stage = await open(context);
  const good = configOf(server, { health: [health] });
  stage.orchestrator().put('web', wanted('v1', 2, good));
  await settled(stage, 'web');
  stage.orchestrator().put('web', wanted('v2', 2, configOf('exit 1', { health: [health] })));
  await until('it fails', () => stage.orchestrator().service('web')?.lastFailure);
  const during = stage.orchestrator().service('web');
  assert.equal(during?.lastFailure?.message, 'Command exited with status 1');
  assert.equal(during?.rollout?.state, 'running');
  assert.equal(during?.instances.filter(({ serving }) => serving).length, 2);
  stage.orchestrator().put('web', wanted('v3', 2, good));
  await settled(stage, 'web');
  const states = stage.events.flatMap((event) => (event.type === 'rollout' ? [event.rollout.state] : []));
  assert.deepEqual(states.slice(-4), ['running', 'superseded', 'running', 'done']);
});

test('what crashes is started again, the same instance, ever more slowly, until the config changes', async (context) => {
  const stage = await open(context);
  stage.orchestrator().put('crash', wanted('v1', 1, configOf('exit 3')));
  await until(
    'five starts',
    () => (stage.orchestrator().service('crash')?.instances[0]?.incarnation ?? 0) >= 6,
  );
  const tasks = stage.bench.agent().tasks();
  const pauses = tasks
    .slice(0, 5)
    .map((task, index) => (tasks[index + 1]?.stagedAt ?? 0) - (task.endedAt ?? 0));
  for (const [index, least] of [50, 100, 200, 400].entries()) {
    assert.ok((pauses[index] ?? 0) >= least, `pause ${index} is ${pauses[index]} ms, ${least} at least`);
  }
  assert.equal(new Set(tasks.map(({ id }) => id.split('._app.')[0])).size, 1);
  const waiting = await until('it waits', () => stage.orchestrator().service('crash')?.queue);
  assert.equal(waiting.count, 1);
  stage.orchestrator().put('crash', wanted('v2', 1, configOf('sleep 60')));
  await settled(stage, 'crash');
});

test('a successful end is started again, too, and a delay can be reset', async (context) => {
  const stage = await open(context);
  const config = configOf('true', { backoff: { delayMs: 60_000, factor: 1, maxMs: 60_000 } });
  stage.orchestrator().put('end', wanted('v1', 1, config));
  await until('it waits', () => stage.orchestrator().service('end')?.queue);
  assert.equal(stage.orchestrator().service('end')?.instances[0]?.state, 'TASK_FINISHED');
  assert.equal(stage.orchestrator().resetBackoff('end'), true);
  await until('the second start', () => stage.orchestrator().service('end')?.instances[0]?.incarnation === 2);
});

test('an instance with bad health is killed at the last allowed failure and started again', async (context) => {
  const stage = await open(context);
  stage.orchestrator().put('web', wanted('v1', 1, configOf(server, { health: [health] })));
  await settled(stage, 'web');
  const [before] = stage.orchestrator().service('web')?.instances ?? [];
  const sandbox = stage.bench.agent().task(before?.taskId ?? '')?.sandbox ?? '';
  fs.writeFileSync(join(sandbox, 'health'), '503');
  await until('it is healthy again', () => {
    const [now] = stage.orchestrator().service('web')?.instances ?? [];
    return now?.incarnation === 2 && now.serving;
  });
  const types = stage.events.slice(stage.events.findIndex(({ type }) => type === 'health-failed'));
  assert.deepEqual(
    types.slice(0, 5).map((event) => (event.type === 'task' ? event.instance.state : event.type)),
    ['health-failed', 'health', 'health-failed', 'unhealthy-kill', 'TASK_KILLING'],
  );
  assert.equal(
    stage.orchestrator().service('web')?.lastFailure?.message,
    'Task was killed since health check failed. Reason: 503 Service Unavailable',
  );
});

test('as in Marathon, the next incarnation inherits the failures where that is wished', async (context) => {
  const stage = await open(context, true);
  const config = configOf(server, { health: [{ ...health, graceMs: 0 }] });
  stage.orchestrator().put('web', wanted('v1', 1, config));
  await settled(stage, 'web');
  const [one] = stage.orchestrator().service('web')?.instances ?? [];
  fs.writeFileSync(join(stage.bench.agent().task(one?.taskId ?? '')?.sandbox ?? '', 'health'), '500');
  const again = await until('it is started again', () => {
    const [now] = stage.orchestrator().service('web')?.instances ?? [];
    return now?.incarnation === 2 ? now : undefined;
  });
  assert.equal(again.health[0]?.consecutiveFailures, 2);
});

test('a cancelled rollout stays where it is, with mixed instances that are kept alive', async (context) => {
  const stage = await open(context);
  stage.orchestrator().put('web', wanted('v1', 1, configOf('sleep 60')));
  await settled(stage, 'web');
  const broken = wanted('v2', 1, configOf('sleep 61', { health: [health] }));
  stage.orchestrator().put('web', broken);
  const mixed = () =>
    stage
      .orchestrator()
      .service('web')
      ?.instances.filter(({ state }) => state === 'TASK_RUNNING') ?? [];
  await until('both run', () => mixed().length === 2);
  assert.equal(stage.orchestrator().cancel('web', 'another'), false);
  assert.equal(stage.orchestrator().cancel('web', broken.rollout), true);
  assert.equal(stage.orchestrator().service('web')?.rollout?.state, 'cancelled');
  assert.deepEqual(
    mixed().map(({ revision }) => revision),
    ['v1', 'v2'],
  );
  process.kill(-(stage.bench.agent().task(mixed()[0]?.taskId ?? '')?.pid ?? 0), 'SIGKILL');
  await until('it is started again', () => mixed().some((one) => one.incarnation === 2));
  assert.deepEqual(
    mixed().map(({ revision }) => revision),
    ['v1', 'v2'],
  );
});

test('instances can be killed: to be restarted, replaced, or for good', async (context) => {
  const stage = await open(context);
  stage.orchestrator().put('web', wanted('v1', 2, configOf('exec sleep 60')));
  await settled(stage, 'web');
  const running = () =>
    stage
      .orchestrator()
      .service('web')
      ?.instances.filter(({ state }) => state === 'TASK_RUNNING') ?? [];
  const [first, second] = running();
  assert.equal(stage.orchestrator().kill('web', [first?.id ?? '', 'unknown'], 'same').length, 1);
  await until('same', () => running().find(({ id, incarnation }) => id === first?.id && incarnation === 2));
  stage.orchestrator().kill('web', [second?.id ?? ''], 'fresh');
  await until('fresh', () => running().length === 2 && !running().some(({ id }) => id === second?.id));
  stage.orchestrator().kill('web', [first?.id ?? ''], 'none');
  await until('for good', () => stage.orchestrator().service('web')?.instances.length === 1);
  assert.equal(stage.orchestrator().service('web')?.instancesWanted, 1);
});

test('a replacement waits for readiness', async (context) => {
  const stage = await open(context);
  const readiness = {
    name: 'readinessCheck',
    protocol: 'http',
    path: '/',
    portIndex: 0,
    intervalMs: 30,
    timeoutMs: 1_000,
    readyStatus: [200],
    preserveLastResponse: true,
  } as const;
  stage.orchestrator().put('web', wanted('v1', 1, configOf('sleep 60')));
  await settled(stage, 'web');
  const notYet = `sleep 0.3; ${server}`;
  stage
    .orchestrator()
    .put('web', wanted('v2', 1, configOf(notYet, { readiness, env: { GREETING: 'hello' } })));
  await settled(stage, 'web');
  const answers = stage.events.flatMap((event) =>
    event.type === 'readiness' ? [event.instance.readiness?.lastResponse] : [],
  );
  assert.equal(answers[0]?.status, 504);
  assert.deepEqual([answers.at(-1)?.status, answers.at(-1)?.body], [200, 'hello']);
  const killed = stage.events.findIndex(
    (one) => one.type === 'task' && one.instance.state === 'TASK_KILLING',
  );
  const ready = stage.events.findIndex((one) => one.type === 'readiness' && one.instance.readiness?.ready);
  assert.ok(ready < killed, 'the old one goes after the new one is ready');
});

test('a daemon that starts again adopts and carries on at any moment, and doubles nothing', async (context) => {
  const stage = await open(context);
  const config = (greeting: string) =>
    configOf(server, {
      health: [health],
      env: { GREETING: greeting },
      upgrade: { minHealthy: 1, maxOver: 0.5 },
    });
  stage.orchestrator().put('web', wanted('v1', 2, config('one')));
  await settled(stage, 'web');
  const before = stage
    .orchestrator()
    .service('web')
    ?.instances.map(({ taskId }) => taskId);
  await stage.restart();
  const adopted = stage.orchestrator().service('web')?.instances ?? [];
  assert.deepEqual(
    adopted.map(({ taskId }) => taskId),
    before,
  );
  assert.ok(
    adopted.every(({ serving }) => serving),
    'known health is kept, so that nobody is cut off',
  );
  stage.orchestrator().put('web', wanted('v2', 2, config('two')));
  for (let moment = 0; stage.orchestrator().service('web')?.rollout?.state === 'running'; moment++) {
    const live = stage.bench
      .agent()
      .tasks()
      .filter(({ state }) => state === 'TASK_RUNNING');
    assert.ok(live.length <= 3, `${live.length} tasks run in moment ${moment}`);
    await stage.restart();
    const at = stage.events.length;
    const over = () => stage.orchestrator().service('web')?.rollout?.state === 'done';
    await until('something happens', () => stage.events.length > at || over());
    assert.ok(moment < 60, 'it does not end');
  }
  const now = stage.orchestrator().service('web')?.instances ?? [];
  assert.deepEqual(
    now.map(({ revision }) => revision),
    ['v2', 'v2'],
  );
});

test('a damaged service file is put aside and said, and no task is killed for it', async (context) => {
  const stage = await open(context);
  stage.orchestrator().put('web', wanted('v1', 1, configOf('sleep 60')));
  await settled(stage, 'web');
  const folder = join(stage.bench.folder, 'orchestrator');
  const [name] = fs.readdirSync(folder);
  stage.orchestrator().close();
  fs.writeFileSync(join(folder, name ?? ''), '{');
  await stage.restart();
  assert.match(stage.orchestrator().problems.join(), /cannot be read.*put aside/);
  assert.equal(stage.bench.agent().tasks()[0]?.state, 'TASK_RUNNING');
  assert.ok(fs.existsSync(join(folder, `${name}.damaged`)));
});
