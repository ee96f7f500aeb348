import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { box, homeUnderTest, must, releaseOf, reveal } from '../../../test/suites/platform/under-test.ts';
import { startCluster } from '../../../test/support/cluster.ts';
import { realHost } from '../../host/real.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { list, parseJson } from '../json.ts';
import { mesos } from './platform.ts';
import type { MesosSettings } from './settings.ts';

describe('Marathon deployments that are under way', () => {
  const t = homeUnderTest({ platform: mesos, start: startCluster });
  before(() => t.start());
  after(() => t.stop());

  const marathon = () => (t.settings() as MesosSettings).marathon;
  const ask = async (method: 'GET' | 'PUT', path: string, json?: unknown) =>
    parseJson(
      must(await realHost().http.request({ url: marathon() + path, method, ...(json ? { json } : {}) })).body,
    );
  const running = async (app: string) => {
    const deployments = list(await ask('GET', '/v2/deployments'));
    return deployments.filter((one) => String(one['affectedApps']) === `/${app}`).map(({ id }) => String(id));
  };

  /** Writes through a connection that remembers nothing. */
  async function writeBack(app: string, deployment: string, isOver?: (id: string) => Promise<boolean>) {
    const good = box(app);
    const context = { release: releaseOf(good, 'd1'), deployment, reveal, ...(isOver ? { isOver } : {}) };
    return await t.again().apply(await t.plan(good), context);
  }

  function isLockedBy(failure: undefined | Failure, deployment: string | undefined): void {
    assert(isFailure(failure) && failure.code === 'locked', failure?.message);
    assert.equal(failure.found, deployment);
    assert.match(failure.message, new RegExp(deployment ?? 'none'));
  }

  test('our own is superseded, found out from the versions of the app alone', async () => {
    await t.deploy(box('own'), 'd1');
    await t.write(box('own', { command: 'exit 1' }), { deployment: 'd2' });
    assert.equal((await running('own')).length, 1);
    assert.equal(await writeBack('own', 'd2'), undefined);
    const look = await t.settle(box('own'), 'd1');
    assert(look.ok, look.why);
    await t.remove('own', 'd2');
  });

  test('one of somebody else is never ended, though the app bears our label', async () => {
    await t.deploy(box('foreign'), 'd1');
    await ask('PUT', '/v2/apps/foreign', { cmd: 'exit 1' });
    const [deployment] = await running('foreign');
    isLockedBy(await writeBack('foreign', 'd1'), deployment);
    assert.deepEqual(await running('foreign'), [deployment]);
  });

  test('scaling by somebody else on top of our own is somebody else', async () => {
    await t.deploy(box('scaled'), 'd1');
    await t.write(box('scaled', { command: 'exit 1' }), { deployment: 'd2' });
    await ask('PUT', '/v2/apps/scaled?force=true', { instances: 2 });
    const [deployment] = await running('scaled');
    isLockedBy(await writeBack('scaled', 'd2'), deployment);
  });

  test('what another deployment of rehome has left behind is superseded when it is over, not before', async () => {
    await t.deploy(box('left'), 'd1');
    await t.write(box('left', { command: 'exit 1' }), { deployment: 'd2' });
    const [deployment] = await running('left');
    isLockedBy(await writeBack('left', 'd3', async () => false), deployment);
    assert.equal(await writeBack('left', 'd3', async (id) => id === 'd2'), undefined);
    await t.settle(box('left'), 'd1');
    await t.remove('left');
  });
});
