import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { App, Cron } from '../../../src/model/app.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
import type { CronRun } from '../../../src/platforms/platform.ts';
import { box, type HomeUnderTest, must, needs, until } from './under-test.ts';

/** Periodic tasks: written disarmed, armed and disarmed by duty, and left alone by a deploy that changes nothing. */
export function testCrons(t: HomeUnderTest): void {
  test('a cron ticks while it is armed, and only then', async (context) => {
    if (!needs(context, t, 'crons')) return;
    const ticks = join(t.root(), 'ticks');
    const { schedule, withinMs } = t.suite.tick ?? { schedule: { iso: 'R//PT1S' }, withinMs: 20_000 };
    const app = ticking(ticks, schedule);
    await t.write(app, { deployment: 'd1' });
    assert.equal(await armed(t), false);
    must(await t.home().setDuty('ticking', 'armed'));
    assert.equal(await armed(t), true);
    await until('it ticks', () => existsSync(ticks) && readFileSync(ticks, 'utf8').length >= 4, withinMs);
    assert.deepEqual(await t.plan(app), []);
    const target = { environment: 'test1', home: 'a', settings: t.settings() };
    const back = t.suite.platform.read(must(await t.home().observe({ app: 'ticking' })), target);
    assert.deepEqual(back.apps, [app]);

    must(await t.home().setDuty('ticking', 'disarmed'));
    assert.equal(await armed(t), false);
    assert.deepEqual(await t.plan(app), []);
    await t.write(
      { ...app, crons: app.crons.map((cron) => ({ ...cron, retries: 1 })) },
      { deployment: 'd2' },
    );
    assert.equal(await armed(t), false);
    await t.remove('ticking');
    assert.equal(await armed(t), undefined);
  });

  test('runs are told while they go on, when they have ended, and only from a time on', async (context) => {
    if (!needs(context, t, 'crons')) return;
    const gate = join(t.root(), 'gate');
    const { schedule, withinMs } = t.suite.tick ?? { schedule: { iso: 'R//PT1S' }, withinMs: 20_000 };
    const waiting = cron('RUNS_WAITING', `until test -e '${gate}'; do sleep 1; done`, schedule);
    const failing = cron('RUNS_FAILING', 'exit 3', schedule);
    await t.write({ ...box('runs'), services: [], crons: [waiting, failing] }, { deployment: 'd1' });
    assert.deepEqual(await runs(t, 0), []);
    const before = Date.now();
    must(await t.home().setDuty('runs', 'armed'));
    const running = await runOf(t, 'RUNS_WAITING', () => true, withinMs);
    const failed = await runOf(t, 'RUNS_FAILING', ({ endedAt }) => endedAt !== undefined, withinMs);
    must(await t.home().setDuty('runs', 'disarmed'));
    assert.equal(failed.ok, false);
    assert.deepEqual([running.endedAt, running.ok], [undefined, undefined]);
    // Homes may tell whole seconds.
    assert.ok(running.startedAt >= before - 1_000 && running.startedAt <= Date.now(), `${running.startedAt}`);
    assert.ok((running.scheduledAt ?? Infinity) <= running.startedAt, `${running.scheduledAt}`);
    await until('only the one that waits runs', async () => {
      const still = (await runs(t, 0)).filter(({ endedAt }) => endedAt === undefined);
      return still.length === 1 && still[0]?.cron === 'RUNS_WAITING';
    });

    writeFileSync(gate, '');
    const ended = await runOf(t, 'RUNS_WAITING', ({ endedAt }) => endedAt !== undefined, 20_000);
    assert.equal(ended.ok, true);
    assert.equal(ended.scheduledAt, running.scheduledAt);
    assert.ok((ended.endedAt ?? 0) >= ended.startedAt);
    const all = await runs(t, 0);
    assert.deepEqual(
      all.map(({ startedAt }) => startedAt),
      all.map(({ startedAt }) => startedAt).toSorted((a, b) => a - b),
    );
    const last = all.at(-1)?.startedAt ?? 0;
    assert.ok((await runs(t, last)).length > 0);
    assert.deepEqual(await runs(t, last + 1_000), []);
    assert.deepEqual(must(await t.home().runsSince('nobody', 0)), []);
    await t.remove('runs');
  });
}

async function runs(t: HomeUnderTest, since: number): Promise<readonly CronRun[]> {
  return must(await t.home().runsSince('runs', since));
}

/** The first run of a cron that is as wanted. */
async function runOf(
  t: HomeUnderTest,
  name: string,
  isIt: (run: CronRun) => boolean,
  withinMs: number,
): Promise<CronRun> {
  let found: CronRun | undefined;
  await until(
    `a run of ${name}`,
    async () => {
      found = (await runs(t, 0)).find((run) => run.cron === name && isIt(run));
      return found !== undefined;
    },
    withinMs,
  );
  return found ?? assert.fail(name);
}

function ticking(file: string, schedule: Schedule): App {
  const tick = cron('TICKING_TICK', `echo . >> '${file}'`, schedule);
  return { ...box('ticking'), services: [], crons: [tick] };
}

function cron(name: string, command: string, schedule: Schedule): Cron {
  return {
    kind: 'Cron',
    name,
    image: 'test/box:1.0.0',
    command,
    env: {},
    resources: { cpus: 0.02, memory: 32, cpuLimit: 'soft' },
    schedule,
    concurrent: false,
    retries: 0,
  };
}

async function armed(t: HomeUnderTest): Promise<boolean | undefined> {
  const residents = must(await t.home().inventory());
  return residents.find(({ app }) => app === 'ticking')?.armed;
}
