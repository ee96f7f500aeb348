import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { App } from '../../../src/model/app.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
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
}

function ticking(file: string, schedule: Schedule): App {
  return {
    ...box('ticking'),
    services: [],
    crons: [
      {
        kind: 'Cron',
        name: 'TICKING_TICK',
        image: 'test/box:1.0.0',
        command: `echo . >> '${file}'`,
        env: {},
        resources: { cpus: 0.02, memory: 32, cpuLimit: 'soft' },
        schedule,
        concurrent: false,
        retries: 0,
      },
    ],
  };
}

async function armed(t: HomeUnderTest): Promise<boolean | undefined> {
  const residents = must(await t.home().inventory());
  return residents.find(({ app }) => app === 'ticking')?.armed;
}
