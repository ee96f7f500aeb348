import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Front, HomeStats } from '../../../src/edges/edge.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { startLoad } from '../../load/start.ts';
import { ask } from './ask.ts';
import { type Instance, startInstance } from './instance.ts';
import { type ProcessInstance, startProcess } from './processes.ts';
import { type EdgeSuite, type EdgeUnderTest, good, makeFront, setBackends, until } from './under-test.ts';
import { openSocket, say } from './upgrades.ts';

/** Instances come and go, by plan and by accident. */
export function testChanges(suite: EdgeSuite): void {
  describe('draining', () => {
    let under: EdgeUnderTest;
    let one: Instance;
    let two: Instance;
    let front: Front;
    let app = 0;
    before(async () => {
      under = await suite.start({});
      one = await startInstance('one');
      two = await startInstance('two');
    });
    beforeEach(async () => {
      front = await makeFront(under, `drain-${app++}`, { mesos: [one] }, { mesos: 100 });
    });
    after(async () => {
      await Promise.all([one?.stop(), two?.stop()]);
      await under?.stop();
    });
    const drain = (atMostMs: number) => under.edge.drain(front.app, one.backend, atMostMs);
    const figures = async (): Promise<HomeStats | undefined> => good(await under.edge.stats(front.app))[0];

    test('it waits for requests under way, and from its beginning on nothing new goes there', async () => {
      const slow = ask(front, { path: '/hold' });
      await until('it arrives', () => one.held === 1);
      await setBackends(under, front, { mesos: [one.backend, two.backend] });
      let drained = false;
      const draining = drain(10_000).then((result) => {
        drained = true;
        return result;
      });
      await until('it is out of rotation', async () => (await figures())?.backends === 1);
      const seen = one.requests.length;
      for (let n = 0; n < 20; n++) assert.equal((await ask(front)).status, 200);
      assert.equal(one.requests.length, seen);
      assert.equal(drained, false, 'one request is still under way');
      one.release();
      assert.equal((await slow).status, 200);
      good(await draining);
      good(await drain(0));
    });

    test('it says when requests do not end in time, and the instance stays out of rotation', async () => {
      const slow = ask(front, { path: '/hold' });
      await until('it arrives', () => one.held === 1);
      await setBackends(under, front, { mesos: [one.backend, two.backend] });
      const failure = await drain(50);
      assert.ok(isFailure(failure) && failure.code === 'not-drained');
      assert.match(failure.message, /1 requests? to instance one/);
      const seen = one.requests.length;
      for (let n = 0; n < 10; n++) await ask(front);
      assert.equal(one.requests.length, seen);
      one.release();
      await slow;
    });

    test('it does not wait for websockets and event streams, which never end by themselves', async () => {
      const socket = await openSocket(front);
      good(await drain(5_000));
      assert.equal((await figures())?.websockets, 1);
      assert.equal(await say(socket, 'still'), 'one: still');
      socket.close();
    });

    test('an instance that is named again takes requests again', async () => {
      good(await drain(1_000));
      assert.equal((await figures())?.backends, 0);
      await setBackends(under, front, { mesos: [one.backend] });
      assert.equal((await ask(front)).status, 200);
    });

    test('an instance that is not known is drained already', async () => {
      good(await under.edge.drain(front.app, { id: 'gone', host: '127.0.0.1', port: 1 }, 1_000));
    });
  });

  describe('under load', () => {
    let under: EdgeUnderTest;
    let receipts: string;
    const instances: ProcessInstance[] = [];
    before(async () => {
      under = await suite.start({});
    });
    beforeEach(() => {
      receipts = mkdtempSync(join(tmpdir(), 'rehome-receipts-'));
    });
    after(async () => {
      await Promise.all(instances.map((instance) => instance.kill()));
      await under?.stop();
    });
    const start = async (id: string) => {
      const instance = await startProcess(id, receipts);
      instances.push(instance);
      return instance;
    };
    const frontOf = async (app: string, of: readonly ProcessInstance[]) => {
      const front = await makeFront(under, app, {}, { mesos: 100 });
      return setBackends(under, front, { mesos: of.map(({ backend }) => backend) });
    };
    const requestsOf = async (app: string) => good(await under.edge.stats(app))[0]?.requests ?? 0;
    const pass = async (app: string, requests: number) => {
      const enough = (await requestsOf(app)) + requests;
      await until('the load goes on', async () => (await requestsOf(app)) >= enough, 20_000);
    };

    for (const mode of ['keep-alive', 'close'] as const)
      test(`replacing every instance one by one loses nothing (${mode})`, async () => {
        const app = `rolling-${mode}`;
        let serving = [await start('a1'), await start('a2')];
        const front = await frontOf(app, serving);
        const load = startLoad({ ...front.address, rate: 500, mode, methods: ['GET', 'POST'], receipts });
        for (const id of ['b1', 'b2']) {
          await pass(app, 200);
          const next = await start(id);
          const [leaving, ...rest] = serving;
          assert.ok(leaving);
          serving = [...rest, next];
          await setBackends(under, front, { mesos: serving.map(({ backend }) => backend) });
          good(await under.edge.drain(app, leaving.backend, 5_000));
          await leaving.stop();
        }
        await pass(app, 200);
        const counts = await load.stop();
        rmSync(receipts, { recursive: true });
        assert.deepEqual(counts.reasons, {});
        assert.ok(counts.sent > 500 && counts.rate.achieved >= 490, `${counts.rate.achieved}/s`);
        assert.deepEqual([counts.posts?.duplicated, counts.posts?.missing], [0, 0]);
      });

    test('an instance that is killed costs no GET, and no POST runs twice', async () => {
      const [a, b] = [await start('k1'), await start('k2')];
      const front = await frontOf('killed', [a, b]);
      const load = startLoad({ ...front.address, rate: 600, methods: ['GET', 'POST'], receipts });
      await pass('killed', 300);
      const inFlight = good(await under.edge.stats('killed'))[0]?.inFlight ?? 0;
      await a.kill();
      await pass('killed', 300);
      const counts = await load.stop();
      rmSync(receipts, { recursive: true });
      assert.deepEqual(counts.byMethod.GET.reasons, {});
      assert.equal(counts.posts?.duplicated, 0);
      assert.equal(counts.posts?.missing, 0);
      // Only what was at the killed instance at that moment, which grows where the machine is busy.
      const { failed } = counts.byMethod.POST;
      assert.ok(failed <= 20 + 2 * inFlight, `${failed} POSTs failed, ${inFlight} were in flight`);
      assert.ok(Object.keys(counts.byMethod.POST.reasons).every((reason) => reason === 'status 502'));
    });
  });
}
