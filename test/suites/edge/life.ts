import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Backend, Front } from '../../../src/edges/edge.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { ask, askEcho } from './ask.ts';
import { startHome, type TestHome } from './home.ts';
import { type Instance, startInstance } from './instance.ts';
import { type EdgeSuite, type EdgeUnderTest, good, makeFront, setBackends, until } from './under-test.ts';

/** Fronts are made, kept over a kill, and taken away; nothing listens where it must not. */
export function testLife(suite: EdgeSuite): void {
  describe('life', () => {
    let under: EdgeUnderTest;
    let one: Instance;
    before(async () => {
      under = await suite.start({});
      one = await startInstance('one');
    });
    after(async () => {
      await one?.stop();
      await under?.stop();
    });
    const frontOf = (app: string) => makeFront(under, app, { mesos: [one] }, { mesos: 100 });

    test('after a kill it comes back on the same addresses, with the same fronts and shares', async () => {
      const front = await makeFront(under, 'kept', { mesos: [one], k8s: [] }, { mesos: 100, k8s: 0 });
      const fronts = await Promise.all([1, 2, 3].map((n) => frontOf(`kept-${n}`)));
      await under.restart();
      for (const each of [front, ...fronts]) assert.equal((await ask(each)).status, 200, each.app);
      assert.deepEqual(await under.edge.getShare('kept'), { mesos: 100, k8s: 0 });
      good(await under.edge.reconcile(front));
    });

    test('a kill changes no share, and neither does its coming back', async () => {
      const two = await startInstance('two');
      await makeFront(under, 'shared', { mesos: [one], k8s: [two] }, { mesos: 100, k8s: 0 });
      good(await under.edge.setShare('shared', { mesos: 30, k8s: 70 }));
      await under.restart();
      assert.deepEqual(await under.edge.getShare('shared'), { mesos: 30, k8s: 70 });
      assert.equal(await under.edge.verifyShare('shared', { mesos: 30, k8s: 70 }), undefined);
      await two.stop();
    });

    test('an instance that was drained stays out of rotation over a kill', async () => {
      const two = await startInstance('two');
      await makeFront(under, 'drained', { mesos: [one, two] }, { mesos: 100 });
      good(await under.edge.drain('drained', two.backend, 1_000));
      await under.restart();
      const [figures] = good(await under.edge.stats('drained'));
      assert.equal(figures?.backends, 1);
      await two.stop();
    });

    test('reconcile twice is the same as once; another address moves the front', async () => {
      const front = await frontOf('twice');
      good(await under.edge.reconcile(front));
      const moved = { ...front, address: under.address() };
      good(await under.edge.reconcile(moved));
      assert.equal((await ask(moved)).status, 200);
      await until('the old address is closed', () =>
        ask(front).then(
          () => false,
          () => true,
        ),
      );
    });

    test('an address that somebody else holds is refused by name, and nothing changes', async () => {
      const front = await frontOf('busy');
      const other = createServer();
      const address = under.address();
      await new Promise<void>((resolve) => other.listen({ ...address }, resolve));
      const failure = await under.edge.reconcile({ ...front, address });
      assert.ok(isFailure(failure) && failure.code === 'no-free-port');
      assert.match(failure.message, new RegExp(String(address.port)));
      assert.equal((await ask(front)).status, 200);
      await new Promise((resolve) => other.close(resolve));
    });

    test('a front that is taken away closes its address, and taking it away twice is fine', async () => {
      const front = await frontOf('gone');
      good(await under.edge.remove('gone'));
      good(await under.edge.remove('gone'));
      await assert.rejects(ask(front));
      assert.equal(await under.edge.getShare('gone'), undefined);
      const stats = await under.edge.stats('gone');
      assert.ok(isFailure(stats) && stats.code === 'no-front');
    });

    test('a request under way is answered though its front is taken away', async () => {
      const front = await frontOf('leaving');
      const slow = ask(front, { path: '/hold' });
      await until('it arrives', () => one.held === 1);
      const removed = under.edge.remove('leaving');
      await until('its address is closed', () =>
        ask(front).then(
          () => false,
          () => true,
        ),
      );
      one.release();
      assert.equal((await slow).status, 200);
      good(await removed);
    });

    test('a front is refused on an address that others can reach', async () => {
      const front = await frontOf('open');
      for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.evil.test']) {
        const failure = await under.edge.reconcile({ ...front, address: { host, port: front.address.port } });
        assert.ok(isFailure(failure) && failure.code === 'wrong-value', host);
      }
    });

    test('it listens on loopback only', async () => {
      await frontOf('ears');
      const ears = under.pids().flatMap(listeners);
      assert.ok(ears.length >= 4, 'no listener found');
      for (const ear of ears) assert.match(ear, /^(0100007F:|00000000000000000000000001000000:)/, ear);
    });
  });

  if (suite.follows) testFollowing(suite);
}

function testFollowing(suite: EdgeSuite): void {
  describe('following', () => {
    let under: EdgeUnderTest;
    let home: TestHome;
    let front: Front;
    let one: Instance;
    let two: Instance;
    before(async () => {
      home = await startHome();
      under = await suite.start({ homeUrl: home.url });
      one = await startInstance('one');
      two = await startInstance('two');
      front = await makeFront(under, 'hcn', {}, { mesos: 100 });
    });
    after(async () => {
      await Promise.all([one?.stop(), two?.stop(), home?.stop()]);
      await under?.stop();
    });
    const is = (...instances: readonly Instance[]): Promise<void> =>
      home.set(instances.map(({ backend }): Backend => backend)).acknowledged;
    const askedOf = async () => (await askEcho(front)).instance;

    test('instances take requests as the home names them, and none from when it does not', async () => {
      await is(one);
      assert.equal(await askedOf(), 'one');
      await is(two);
      for (let n = 0; n < 5; n++) assert.equal(await askedOf(), 'two');
    });

    test('the home hears that an instance is gone only when its requests have ended', async () => {
      await is(one);
      const slow = ask(front, { path: '/hold' });
      await until('it arrives', () => one.held === 1);
      let heard = false;
      const leaving = is(two).then(() => {
        heard = true;
      });
      await until('new requests go elsewhere', async () => (await askedOf()) === 'two');
      for (let n = 0; n < 50; n++) assert.equal(await askedOf(), 'two');
      assert.equal(heard, false, 'one request is still under way');
      one.release();
      assert.equal((await slow).status, 200);
      await leaving;
    });

    test('what reconcile says does not overrule what the home said', async () => {
      await is(two);
      await setBackends(under, front, { mesos: [one.backend] });
      assert.equal(await askedOf(), 'two');
    });

    test('a home that fails leaves the last known instances, and is followed again when it is back', async () => {
      await is(one);
      home.breakDown();
      for (let n = 0; n < 5; n++) assert.equal(await askedOf(), 'one');
      await is(two);
      assert.equal(await askedOf(), 'two');
    });

    test('after a kill it serves at once with what it knew, and follows on', async () => {
      await is(one);
      home.breakDown();
      await under.restart();
      assert.equal(await askedOf(), 'one');
      await is(two);
      await until('it follows', async () => (await askedOf()) === 'two');
    });
  });
}

/** Local addresses, in the kernel's hexadecimal, that a process listens on. */
function listeners(pid: number): readonly string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined;
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((row) => row[3] === '0A' && inodes.has(row[9]))
      .map((row) => row[1] ?? ''),
  );
}
