import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { App } from '../../src/model/app.ts';
import { fail, isFailure } from '../../src/model/failure.ts';
import type { Claim, DeploymentStart, Owner, Store } from '../../src/store/store.ts';

/** What a test may do to the world around a store. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The process of this owner is gone from now on. */
  kill(owner: Owner): void;
  /** Closes the store and opens what it kept. */
  reopen(): Promise<Store>;
}

const app: App = {
  kind: 'App',
  name: 'hcn',
  version: '1.0.0',
  environment: 'test1',
  stage: 'test',
  services: [],
  jobs: [],
  crons: [],
  routes: [],
  uses: [],
};
const anna: Owner = { hostname: 'here', pid: 11, processStart: '100' };
const bert: Owner = { hostname: 'here', pid: 12, processStart: '200' };

/** The suite that every Store passes. */
export function testStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`store ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });

    test('one deployment of an app and environment at a time', async () => {
      claimed(await store.begin(start('d1')));
      const second = await store.begin(start('d2'));
      assert.ok(isFailure(second));
      assert.equal(second.code, 'lock-held');
      assert.match(second.message, /hcn in test1 is locked by root@here since/);
      assert.equal(second.found, 'deployment d1');
      assert.equal(await store.deployment('d2'), undefined, 'nothing of the second one was kept');
      claimed(await store.begin({ ...start('d3'), environment: 'test2' }));
    });

    test('finishing gives the lock back, unless it is to be kept', async () => {
      const first = claimed(await store.begin(start('d1')));
      assert.equal(await store.finish(first, { status: 'done' }), undefined);
      const second = claimed(await store.begin(start('d2')));
      const failure = fail('undo-failed', 'It went wrong twice.');
      assert.equal(await store.finish(second, { status: 'failed', failure, keepLock: true }), undefined);
      assert.ok(isFailure(await store.begin(start('d3'))));
      assert.equal(await store.releaseLock('hcn', 'test1'), true);
      assert.equal(await store.releaseLock('hcn', 'test1'), false);
      claimed(await store.begin(start('d3')));
      const kept = await store.deployment('d2');
      assert.ok(kept && !isFailure(kept));
      assert.deepEqual([kept.status, kept.failure?.message], ['failed', 'It went wrong twice.']);
    });

    test('steps are journalled with outputs, and read back as they were', async () => {
      const claim = claimed(await store.begin(start('d1')));
      const step = {
        name: 'check',
        status: 'running',
        startedAt: '2026-11-23T10:00:00.000Z',
        attempts: 1,
      } as const;
      await store.record(claim, step);
      const over = {
        ...step,
        status: 'done',
        finishedAt: '2026-11-23T10:00:01.000Z',
        message: 'ok',
      } as const;
      await store.record(claim, over, { changes: 2 });
      await store.record(claim, over);
      const begun = await store.begun('d1');
      assert.ok(!isFailure(begun));
      assert.deepEqual(begun.steps, [
        { name: 'lock', status: 'pending', attempts: 0 },
        over,
        { name: 'rollout', status: 'pending', attempts: 0 },
      ]);
      assert.deepEqual(begun.outputs, { check: { changes: 2 } });
      assert.deepEqual(begun.models, { mesos: app });
      assert.deepEqual(begun.options, { skip: ['watch'] });
    });

    test('a deployment whose owner lives cannot be claimed; one whose owner is gone can, once', async () => {
      const first = claimed(await store.begin(start('d1')));
      assert.equal(codeOf(await store.claim('d1', bert)), 'already-running');
      under.kill(anna);
      const lock = await store.locks();
      assert.ok(!isFailure(lock));
      assert.equal(lock[0]?.alive, false);
      const second = claimed(await store.claim('d1', bert));
      assert.ok(second.token > first.token);
      assert.equal(codeOf(await store.claim('d1', bert)), 'already-running');
      assert.equal(codeOf(await store.claim('nope', bert)), 'no-such-deployment');
    });

    test('an outdated owner is fenced from every write', async () => {
      const first = claimed(await store.begin(start('d1')));
      under.kill(anna);
      claimed(await store.claim('d1', bert));
      const step = { name: 'check', status: 'done', attempts: 1 } as const;
      assert.equal(codeOf(await store.record(first, step)), 'lock-lost');
      assert.equal(codeOf(await store.turnBack(first, fail('test-failed', 'no'))), 'lock-lost');
      assert.equal(codeOf(await store.finish(first, { status: 'done' })), 'lock-lost');
      assert.equal(codeOf(await store.abandon(first)), 'lock-lost');
      const begun = await store.begun('d1');
      assert.ok(!isFailure(begun));
      assert.equal(begun.steps[1]?.status, 'pending');
    });

    test('an operator who releases a lock fences its owner, alive or not', async () => {
      const claim = claimed(await store.begin(start('d1')));
      assert.equal(await store.releaseLock('hcn', 'test1'), true);
      assert.equal(codeOf(await store.finish(claim, { status: 'done' })), 'lock-lost');
      const deployment = await store.deployment('d1');
      assert.ok(deployment && !isFailure(deployment));
      assert.equal(deployment.status, 'failed');
    });

    test('an abandoned deployment waits for whoever comes next', async () => {
      const claim = claimed(await store.begin(start('d1')));
      await store.abandon(claim);
      const waiting = await store.deployment('d1');
      assert.ok(waiting && !isFailure(waiting));
      assert.deepEqual([waiting.status, waiting.attended], ['running', false]);
      claimed(await store.claim('d1', bert));
    });

    test('turning back is remembered', async () => {
      const claim = claimed(await store.begin(start('d1')));
      await store.turnBack(claim, fail('test-failed', 'A test said no.', { details: 'line 1\nline 2' }));
      const begun = await (await under.reopen()).begun('d1');
      assert.ok(!isFailure(begun));
      assert.deepEqual(
        [begun.failure?.message, begun.failure?.details],
        ['A test said no.', 'line 1\nline 2'],
      );
    });

    test('a request to cancel is seen; one for a finished deployment is refused', async () => {
      const claim = claimed(await store.begin(start('d1')));
      assert.equal(await store.cancelRequested('d1'), false);
      assert.equal(await store.requestCancel('d1'), undefined);
      assert.equal(await store.cancelRequested('d1'), true);
      await store.finish(claim, { status: 'cancelled' });
      assert.equal(codeOf(await store.requestCancel('d1')), 'not-resumable');
      assert.equal(codeOf(await store.requestCancel('nope')), 'no-such-deployment');
    });

    test('history is latest first and can be narrowed', async () => {
      for (const id of ['d1', 'd2', 'd3']) {
        const claim = claimed(await store.begin(start(id)));
        await store.finish(claim, { status: id === 'd2' ? 'failed' : 'done' });
      }
      const ids = async (filter: Parameters<Store['deployments']>[0]) => {
        const found = await store.deployments(filter);
        assert.ok(!isFailure(found));
        return found.map(({ deployment }) => deployment);
      };
      assert.deepEqual(await ids({}), ['d3', 'd2', 'd1']);
      assert.deepEqual(await ids({ status: 'done' }), ['d3', 'd1']);
      assert.deepEqual(await ids({ app: 'hcn', environment: 'test1', limit: 1 }), ['d3']);
      assert.deepEqual(await ids({ app: 'other' }), []);
    });

    test('homes are registered with the lock or not at all, and left with it', async () => {
      const mesos = { home: 'mesos', share: 100, duty: true, phase: 'settled' };
      const dark = { home: 'k8s', share: 0, duty: false, phase: 'settled' };
      const homes = async () => {
        const residence = await store.residence('hcn', 'test1');
        return residence && !isFailure(residence) && residence.homes;
      };
      const first = claimed(await store.begin({ ...start('d1'), residence: [mesos] }));
      assert.equal(codeOf(await store.begin({ ...start('d2'), residence: [mesos, dark] })), 'lock-held');
      assert.deepEqual(await homes(), [mesos], 'who does not get the lock registers nothing');
      await store.finish(first, { status: 'done' });

      const moved = { ...mesos, share: 90 };
      await store.saveResidence({ app: 'hcn', environment: 'test1', homes: [moved] });
      const second = claimed(await store.begin({ ...start('d2'), residence: [mesos, dark] }));
      assert.deepEqual(await homes(), [moved, dark], 'what is known of a home stays');
      await store.finish(second, { status: 'rolled-back', leaves: ['k8s'] });
      assert.deepEqual(await homes(), [moved]);
    });

    test('memory of apps: residences, schemas, addresses, also after reopening', async () => {
      const homes = [{ home: 'mesos', share: 100, duty: true, phase: 'settled' }];
      await store.saveResidence({ app: 'hcn', environment: 'test1', homes });
      await store.recordSchema('hcn', 'test1', '1.0.0', true);
      await store.recordSchema('hcn', 'test1', '1.1.0', true);
      await store.recordSchema('hcn', 'test1', '1.1.0', false);
      await store.saveAddress('test1', 'hcn', 10_001);
      await store.saveAddress('test1', 'hcn', 10_002);
      const again = await under.reopen();
      assert.deepEqual(await again.residence('hcn', 'test1'), { app: 'hcn', environment: 'test1', homes });
      assert.equal(await again.residence('hcn', 'test2'), undefined);
      assert.equal(await again.schemaRecorded('hcn', 'test1', '1.0.0'), true);
      assert.equal(await again.schemaRecorded('hcn', 'test1', '1.1.0'), false);
      assert.deepEqual(await again.addresses('test1'), { hcn: 10_001 }, 'an address is never changed');
    });
  });
}

function start(id: string): DeploymentStart {
  return {
    id,
    action: 'deploy',
    app: 'hcn',
    version: '1.0.0',
    environment: 'test1',
    models: { mesos: app },
    steps: ['lock', 'check', 'rollout'],
    options: { skip: ['watch'] },
    owner: anna,
    holder: 'root@here',
  };
}

function claimed(result: Claim | { readonly kind: 'Failure'; readonly message: string }): Claim {
  assert.ok('token' in result, 'message' in result ? result.message : '');
  return result;
}

function codeOf(result: unknown): string | undefined {
  return isFailure(result) ? result.code : undefined;
}
