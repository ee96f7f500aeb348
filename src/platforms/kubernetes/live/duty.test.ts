import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { box, homeUnderTest, must, until } from '../../../../test/suites/platform/under-test.ts';
import { type KubernetesHome, noCluster, startHome } from '../../../../test/support/kubernetes-home.ts';
import type { App } from '../../../model/app.ts';
import type { Schedule } from '../../../model/schedule.ts';
import { list, record } from '../../json.ts';
import { kubernetes } from '../platform.ts';

const skip = noCluster();

describe('duty', { concurrency: 2, skip }, () => {
  let place: KubernetesHome;
  const t = homeUnderTest({ platform: kubernetes, start: async () => (place = await startHome()) });
  before(() => t.start());
  after(() => t.stop());

  test('arming does not make up for what was missed, which plain waking would', async () => {
    const missed = { cron: `${new Date(Date.now() - 120_000).getUTCMinutes()} * * * *` };
    await t.write(ticking('woken', missed, 'true'), { deployment: 'd1' });
    await t.write(ticking('armed', missed, 'true'), { deployment: 'd1' });
    // Both slept through a tick two minutes ago.
    const lastScheduleTime = new Date(Date.now() - 600_000).toISOString().replace(/\.\d+/, '');
    for (const name of ['woken', 'armed'])
      await place.ask('PATCH', `cronjobs/${name}-cron/status`, { status: { lastScheduleTime } });
    must(await t.home().setDuty('armed', 'armed'));
    await place.ask('PATCH', 'cronjobs/woken-cron', { spec: { suspend: false } });
    await until('the other one has fired', async () => (await jobsOf('woken')) === 1);
    assert.equal(await jobsOf('armed'), 0);
    const live = record((await place.ask('GET', 'cronjobs/armed-cron')).body);
    assert.equal(record(live['spec'])['suspend'], false);
  });

  test('an interval that no cron line says is due again when it is over, however long it is', async () => {
    await t.write(ticking('long', { iso: 'R//PT45M' }, 'true'), { deployment: 'd1' });
    must(await t.home().setDuty('long', 'armed'));
    const lastScheduleTime = new Date(Date.now() - 46 * 60_000).toISOString().replace(/\.\d+/, '');
    await place.ask('PATCH', 'cronjobs/long-cron/status', { status: { lastScheduleTime } });
    await until('it has fired', async () => (await jobsOf('long')) === 1);
  });

  test('disarming lets run what runs', async () => {
    const ticks = join(t.root(), 'slow-ticks');
    const app = ticking(
      'slow',
      { cron: '* * * * *' },
      `echo begun >> '${ticks}'; sleep 4; echo ended >> '${ticks}'`,
    );
    await t.write(app, { deployment: 'd1' });
    // Nobody wants to wait for the next minute.
    await place.ask('PATCH', 'cronjobs/slow-cron', { spec: { schedule: '@every 1s' } });
    must(await t.home().setDuty('slow', 'armed'));
    await until('it has begun', () => existsSync(ticks));
    must(await t.home().setDuty('slow', 'disarmed'));
    await until('it has ended', () => readFileSync(ticks, 'utf8').includes('ended'));
    await until('the cluster has seen that', async () => (await activeOf('slow')) === 0);
    assert.equal(readFileSync(ticks, 'utf8'), 'begun\nended\n');
  });

  async function jobsOf(app: string): Promise<number> {
    const jobs = list(record((await place.ask('GET', 'jobs')).body)['items']);
    return jobs.filter(({ metadata }) => String(record(metadata)['name']).startsWith(`${app}-cron-`)).length;
  }

  async function activeOf(app: string): Promise<number> {
    const live = record((await place.ask('GET', `cronjobs/${app}-cron`)).body);
    return list(record(live['status'])['active']).length;
  }
});

function ticking(name: string, schedule: Schedule, command: string): App {
  const resources = { cpus: 0.02, memory: 32, cpuLimit: 'soft' } as const;
  const cron = { kind: 'Cron', name: `${name}-cron`, image: 'test/box:1.0.0', env: {}, resources } as const;
  return {
    ...box(name),
    services: [],
    crons: [{ ...cron, command, schedule, concurrent: false, retries: 0 }],
  };
}
