import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Front } from '../../../src/edges/edge.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { startLoad } from '../../load/start.ts';
import { ask, askEcho } from './ask.ts';
import { type Instance, startInstance } from './instance.ts';
import { type EdgeSuite, type EdgeUnderTest, good, makeFront, setBackends, until } from './under-test.ts';

/** Traffic is split between homes as the shares say, counted at the instances. */
export function testShares(suite: EdgeSuite): void {
  describe('shares', () => {
    let under: EdgeUnderTest;
    let mesos: Instance;
    let k8s: readonly Instance[];
    before(async () => {
      under = await suite.start({});
    });
    const start = async (app: string, shares: Readonly<Record<string, number>>): Promise<Front> => {
      mesos = await startInstance('m1');
      k8s = [await startInstance('k1'), await startInstance('k2'), await startInstance('k3')];
      return makeFront(under, app, { mesos: [mesos], k8s }, shares);
    };
    afterEach(() => Promise.all([mesos, ...k8s].map((instance) => instance.stop())));
    after(() => under?.stop());
    const atK8s = () => k8s.reduce((sum, { requests }) => sum + requests.length, 0);

    test('a share is the part of the requests, whatever the homes have of instances', async () => {
      const front = await start('split', { mesos: 90, k8s: 10 });
      await many(front, 3_000);
      assert.equal(mesos.requests.length + atK8s(), 3_000);
      assertShare(atK8s(), 3_000, 10);
      good(await under.edge.setShare('split', { mesos: 50, k8s: 50 }));
      const before = atK8s();
      await many(front, 1_000);
      assertShare(atK8s() - before, 1_000, 50);
    });

    test('0 and 100 are exact, and within a home the instances take turns', async () => {
      const front = await start('all', { mesos: 100, k8s: 0 });
      await many(front, 300);
      assert.equal(atK8s(), 0);
      good(await under.edge.setShare('all', { mesos: 0, k8s: 100 }));
      await many(front, 300);
      assert.equal(mesos.requests.length, 300);
      for (const { requests } of k8s) assert.ok(requests.length > 60, `${requests.length} of 300`);
    });

    test('a home with share 0 gets nothing, even when no other instance is left', async () => {
      const front = await start('dark', { mesos: 100, k8s: 0 });
      await mesos.stop();
      const answer = await ask(front);
      assert.equal(answer.status, 503);
      assert.equal(atK8s(), 0);
      mesos = await startInstance('m1', { port: mesos.backend.port });
      assert.equal((await ask(front)).status, 200);
    });

    test('a home with a share takes over for another one, and that is counted', async () => {
      const front = await start('over', { mesos: 90, k8s: 10 });
      await mesos.stop();
      await many(front, 100);
      assert.equal(atK8s(), 100);
      const home = good(await under.edge.stats('over')).find(({ home }) => home === 'k8s');
      assert.ok((home?.overflow ?? 0) > 60, `${home?.overflow} of 100`);
      mesos = await startInstance('m1', { port: mesos.backend.port });
    });

    test('a share is in force for the very next request, also on connections that are kept', async () => {
      const front = await start('next', { mesos: 100, k8s: 0 });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let n = 0; n < 20; n++) {
        const share = n % 2 === 0 ? 100 : 0;
        const began = performance.now();
        good(await under.edge.setShare('next', { mesos: 100 - share, k8s: share }));
        assert.ok(performance.now() - began < 500, `${performance.now() - began} ms`);
        for (let more = 0; more < 5; more++) {
          const { instance } = await askEcho(front, { agent });
          assert.equal(instance.slice(0, 1), share === 100 ? 'k' : 'm', `change ${n}, request ${more}`);
        }
      }
      agent.destroy();
    });

    test('three homes share as told, and a part of a percent is one', async () => {
      const front = await start('three', { mesos: 100, k8s: 0, nomad: 0 });
      const nomad = await startInstance('n1');
      await setBackends(under, front, { ...front.backends, nomad: [nomad.backend] });
      good(await under.edge.setShare('three', { mesos: 20, k8s: 30, nomad: 50 }));
      await many(front, 600);
      assertShare(mesos.requests.length, 600, 20);
      assertShare(atK8s(), 600, 30);
      assertShare(nomad.requests.length, 600, 50);
      good(await under.edge.setShare('three', { mesos: 0, k8s: 99.5, nomad: 0.5 }));
      assert.deepEqual(await under.edge.getShare('three'), { mesos: 0, k8s: 99.5, nomad: 0.5 });
      const before = mesos.requests.length;
      await many(front, 200);
      assert.equal(mesos.requests.length, before);
      await nomad.stop();
    });

    test('callers stay in their home while its share grows, and nobody moves back', async () => {
      const front = await start('cohort', { mesos: 100, k8s: 0 });
      const users = Array.from({ length: 200 }, (_, n) => `user-${n}`);
      let moved = new Set<string>();
      for (const share of [10, 50, 100]) {
        good(await under.edge.setShare('cohort', { mesos: 100 - share, k8s: share }));
        const now = new Set<string>();
        for (const user of users) {
          const homes = [await homeOf(front, user), await homeOf(front, user)];
          assert.equal(homes[0], homes[1], `${user} stays`);
          if (homes[0] === 'k') now.add(user);
        }
        assert.deepEqual(
          [...moved].filter((user) => !now.has(user)),
          [],
          `nobody leaves at ${share} %`,
        );
        assertShare(now.size, users.length, share);
        moved = now;
      }
    });

    test('what is set can be read back, and what differs is told', async () => {
      await start('read', { mesos: 100, k8s: 0 });
      assert.deepEqual(await under.edge.getShare('read'), { mesos: 100, k8s: 0 });
      assert.equal(await under.edge.verifyShare('read', { mesos: 100 }), undefined);
      const failure = await under.edge.verifyShare('read', { mesos: 99, k8s: 1 });
      assert.ok(isFailure(failure));
      assert.equal(failure.code, 'share-differs');
      assert.match(`${failure.found} ${failure.expected}`, /k8s 0 %, mesos 100 % k8s 1 %, mesos 99 %/);
      assert.equal(await under.edge.getShare('never-heard-of'), undefined);
    });

    test('a front that exists keeps its shares whatever reconcile says, and homes come and go without any', async () => {
      const front = await start('keeps', { mesos: 100, k8s: 0 });
      good(await under.edge.setShare('keeps', { mesos: 40, k8s: 60 }));
      for (const shares of [front.shares, { k8s: 100 }, { mesos: 50, k8s: 50 }]) {
        good(await under.edge.reconcile({ ...front, shares }));
        assert.deepEqual(await under.edge.getShare('keeps'), { mesos: 40, k8s: 60 });
      }
      good(await under.edge.reconcile({ ...front, shares: { mesos: 40, k8s: 60, nomad: 0 } }));
      assert.deepEqual(await under.edge.getShare('keeps'), { mesos: 40, k8s: 60, nomad: 0 });
      good(await under.edge.setShare('keeps', { mesos: 0, k8s: 100 }));
      good(
        await under.edge.reconcile({
          ...front,
          shares: { k8s: 100 },
          backends: { k8s: front.backends['k8s'] ?? [] },
        }),
      );
      assert.deepEqual(await under.edge.getShare('keeps'), { k8s: 100 });
      const before = atK8s();
      await many(front, 40);
      assert.equal(atK8s() - before, 40);
    });

    test('shares that make no sense are refused, and nothing changes', async () => {
      const front = await start('sense', { mesos: 100, k8s: 0 });
      for (const shares of [
        { mesos: 50, k8s: 49 },
        { mesos: 150, k8s: -50 },
        {},
        { mesos: Number.NaN, k8s: 100 },
      ]) {
        const failure = await under.edge.setShare('sense', shares);
        assert.ok(isFailure(failure) && failure.code === 'wrong-value', JSON.stringify(shares));
      }
      assert.ok(isFailure(await under.edge.reconcile({ ...front, shares: { mesos: 99 } })));
      assert.deepEqual(await under.edge.getShare('sense'), { mesos: 100, k8s: 0 });
      const unknown = await under.edge.setShare('never-heard-of', { mesos: 100 });
      assert.ok(isFailure(unknown) && unknown.code === 'no-front');
    });

    test('a share is not raised where no instance is: the old home keeps it', async () => {
      const front = await start('raise', { mesos: 100, k8s: 0 });
      const empty = await setBackends(under, front, { mesos: [mesos.backend], k8s: [] });
      const failure = await under.edge.setShare('raise', { mesos: 0, k8s: 100 });
      assert.ok(isFailure(failure) && failure.code === 'refused');
      assert.deepEqual(await under.edge.getShare('raise'), { mesos: 100, k8s: 0 });
      const raising = under.edge.setShare('raise', { mesos: 0, k8s: 100 });
      await setBackends(under, empty, { mesos: [mesos.backend], k8s: k8s.map(({ backend }) => backend) });
      assert.equal(await raising.then((late) => (isFailure(late) ? late.code : 'raised')), 'raised');
      assert.equal((await ask(front)).status, 200);
      assert.equal(atK8s(), 1);
    });

    test('flipping all traffic to and fro under load loses no request', async () => {
      const front = await start('flip', { mesos: 100, k8s: 0 });
      const load = startLoad({ ...front.address, rate: 500, methods: ['GET', 'POST'] });
      for (let n = 0; n < 40; n++) {
        const share = n % 2 === 0 ? 100 : 0;
        const seen = share === 100 ? atK8s() : mesos.requests.length;
        good(await under.edge.setShare('flip', { mesos: 100 - share, k8s: share }));
        await until('traffic follows', () => (share === 100 ? atK8s() : mesos.requests.length) > seen + 10);
      }
      const counts = await load.stop();
      assert.deepEqual(counts.reasons, {});
      assert.equal(counts.answered, mesos.requests.length + atK8s());
      assert.ok(counts.sent > 400, `${counts.sent} sent`);
    });
  });
}

async function homeOf(front: Front, user: string): Promise<string> {
  const echo = await askEcho(front, { headers: { cookie: `a=b; uid=${user}; c=d` } });
  return echo.instance.slice(0, 1);
}

async function many(front: Front, requests: number): Promise<void> {
  for (let done = 0; done < requests; done += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(front)));
    for (const { status } of answers) assert.equal(status, 200);
  }
}

/** Within five standard deviations of a fair draw: fails by chance once in a million. */
function assertShare(got: number, of: number, percent: number): void {
  const p = percent / 100;
  const allowed = 5 * Math.sqrt(of * p * (1 - p));
  assert.ok(Math.abs(got - of * p) <= allowed, `${got} of ${of} at ${percent} %, ± ${allowed.toFixed(1)}`);
}
