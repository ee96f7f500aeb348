import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Shares } from '../../../src/edges/edge.ts';
import { startLoad } from '../../load/start.ts';
import { ask } from './ask.ts';
import { type ProcessInstance, startProcess } from './processes.ts';
import { type EdgeSuite, type EdgeUnderTest, good, setBackends, until } from './under-test.ts';

/** Two homes with a part of the traffic each, and one of them dies without notice. */
export function testKilled(suite: EdgeSuite): void {
  describe('homes that die', () => {
    let under: EdgeUnderTest;
    let receipts: string;
    let instances: ProcessInstance[] = [];
    before(async () => {
      under = await suite.start({});
    });
    beforeEach(() => {
      receipts = mkdtempSync(join(tmpdir(), 'rehome-receipts-'));
    });
    afterEach(async () => {
      await Promise.all(instances.map((instance) => instance.kill()));
      instances = [];
      rmSync(receipts, { recursive: true });
    });
    after(() => under?.stop());

    const start = async (app: string, shares: Shares) => {
      const mesos = [await startProcess('m1', receipts), await startProcess('m2', receipts)];
      const k8s = [await startProcess('k1', receipts), await startProcess('k2', receipts)];
      instances = [...mesos, ...k8s];
      const front = { app, address: under.address(), shares, backends: {} };
      good(await under.edge.reconcile(front));
      const at = (some: readonly ProcessInstance[]) => some.map(({ backend }) => backend);
      await setBackends(under, front, { mesos: at(mesos), k8s: at(k8s) });
      return { front, mesos, k8s };
    };
    const requestsOf = async (app: string) =>
      good(await under.edge.stats(app)).reduce((sum, { requests }) => sum + requests, 0);
    const pass = async (app: string, requests: number) => {
      const enough = (await requestsOf(app)) + requests;
      await until('the load goes on', async () => (await requestsOf(app)) >= enough, 20_000);
    };

    for (const mode of ['keep-alive', 'close'] as const)
      test(`one of two instances of a home with half of the traffic: no GET is lost (${mode})`, async () => {
        const app = `part-${mode}`;
        const { front, k8s } = await start(app, { mesos: 50, k8s: 50 });
        const load = startLoad({ ...front.address, rate: 500, mode, methods: ['GET'] });
        await pass(app, 200);
        await k8s[0]?.kill();
        await pass(app, 300);
        const counts = await load.stop();
        assert.deepEqual(counts.reasons, {});
        assert.ok(counts.sent > 500, `${counts.sent} sent`);
      });

    test('a whole home at 50 %: no GET is lost, no POST runs twice, and the other home is seen to take over', async () => {
      const { front, k8s } = await start('whole', { mesos: 50, k8s: 50 });
      const load = startLoad({ ...front.address, rate: 500, methods: ['GET', 'POST'], receipts });
      await pass('whole', 200);
      await Promise.all(k8s.map((instance) => instance.kill()));
      await pass('whole', 300);
      const counts = await load.stop();
      assert.deepEqual(counts.byMethod.GET.reasons, {});
      assert.deepEqual([counts.posts?.duplicated, counts.posts?.missing], [0, 0]);
      const mesos = good(await under.edge.stats('whole')).find(({ home }) => home === 'mesos');
      assert.ok((mesos?.overflow ?? 0) > 50, `${mesos?.overflow} taken over`);
    });

    test('the home with all of it: one without a share gets nothing, and what waited is served by the next one', async () => {
      const { front, mesos } = await start('all', { mesos: 100, k8s: 0 });
      await Promise.all(mesos.map((instance) => instance.kill()));
      assert.equal((await ask(front)).status, 503);
      assert.equal((await ask(front, { method: 'POST', headers: { 'x-load-id': 'lost' } })).status, 503);
      for (const id of ['k1', 'k2']) assert.equal(receiptsOf(id), '');
      const next = await startProcess('m3', receipts);
      instances.push(next);
      const waiting = ask(front, { method: 'POST', body: 'x', headers: { 'x-load-id': 'kept' } });
      await setBackends(under, front, { mesos: [next.backend] });
      assert.equal((await waiting).status, 200);
      assert.match(receiptsOf('m3'), /^kept$/m);
    });

    const receiptsOf = (id: string): string => {
      try {
        return readFileSync(join(receipts, id), 'utf8');
      } catch {
        return '';
      }
    };
  });
}
