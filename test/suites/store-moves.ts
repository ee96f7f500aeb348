import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { isFailure } from '../../src/model/failure.ts';
import type { MovePlan } from '../../src/model/move.ts';
import type { MoveClaim, MoveStart, MoveState } from '../../src/store/moves.ts';
import type { Owner, Store } from '../../src/store/store.ts';
import type { StoreUnderTest } from './store.ts';

const anna: Owner = { hostname: 'here', pid: 11, processStart: '100' };
const bert: Owner = { hostname: 'here', pid: 12, processStart: '200' };
const gate = {
  minRequests: 20,
  inconclusive: 'proceed',
  errorPercent: 1,
  percentile: 99,
  latencyFactor: 1.5,
} as const;
const plan: MovePlan = {
  stages: [10, 100],
  holdMs: 1000,
  soakMs: 5000,
  manual: false,
  gate: { ...gate, latencySlackMs: 10, restarts: 0, commands: [], queries: [] },
};
const start: MoveStart = {
  id: 'm1',
  app: 'hcn',
  environment: 'test1',
  from: 'mesos',
  to: 'k8s',
  plan,
  shares: { mesos: 100, k8s: 0 },
  holder: 'root@here',
  owner: anna,
};
const state: MoveState = {
  phase: 'share',
  why: 'holds 10 %',
  shares: { mesos: 90, k8s: 10 },
  nextAt: '2026-01-01T00:00:00.000Z',
  marks: { compared: 'abc' },
};
const homes = [
  { home: 'mesos', share: 90, duty: true, phase: 'share' },
  { home: 'k8s', share: 10, duty: false, phase: 'share' },
];

/** The part of the suite of every Store that is about moves. */
export function testMoves(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`moves in store ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });

    test('one move of an app and environment at a time', async () => {
      claimed(await store.beginMove(start));
      const second = await store.beginMove({ ...start, id: 'm2', to: 'local' });
      assert.ok(isFailure(second) && second.code === 'move-running');
      assert.equal(second.found, 'move m1, phase arrive');
      claimed(await store.beginMove({ ...start, id: 'm3', environment: 'test2' }));
      const latest = (await store.moves({ status: 'running' })) as readonly { move: string }[];
      assert.deepEqual(
        latest.map(({ move }) => move),
        ['m3', 'm1'],
      );
    });

    test('how far it is, and where that leads the app, are written together and survive', async () => {
      const claim = claimed(await store.beginMove(start));
      assert.equal(await store.recordMove(claim, state, homes), undefined);
      store = await under.reopen();
      const begun = await store.begunMove('m1');
      assert.ok(!isFailure(begun));
      assert.deepEqual(
        {
          phase: begun.phase,
          why: begun.why,
          shares: begun.shares,
          marks: begun.marks,
          nextAt: begun.nextAt,
        },
        { ...state },
      );
      assert.deepEqual(begun.plan, plan);
      assert.deepEqual(await store.residence('hcn', 'test1'), { app: 'hcn', environment: 'test1', homes });
    });

    test('who lost its claim writes nothing any more', async () => {
      const old = claimed(await store.beginMove(start));
      const early = await store.claimMove('m1', bert);
      assert.ok(isFailure(early) && early.code === 'already-running');
      under.kill(anna);
      const now = claimed(await store.claimMove('m1', bert));
      for (const late of [
        await store.recordMove(old, { ...state, why: 'late' }, homes),
        await store.turnMove(old, 'late'),
        await store.finishMove(old, { status: 'done', why: 'late', shares: {} }),
        await store.lockForMove(old),
      ]) {
        assert.ok(isFailure(late) && late.code === 'lock-lost');
      }
      assert.equal(await store.residence('hcn', 'test1'), undefined);
      assert.equal(await store.recordMove(now, state), undefined);
    });

    test('a deployment and a move do not work on one app at once', async () => {
      const claim = claimed(await store.beginMove(start));
      assert.equal(await store.lockForMove(claim), undefined);
      assert.equal(await store.lockForMove(claim), undefined, 'its own lock is no obstacle');
      const models = {};
      const deployment = {
        id: 'd1',
        action: 'deploy',
        app: 'hcn',
        version: '1',
        environment: 'test1',
        models,
      } as const;
      const begin = () =>
        store.begin({ ...deployment, steps: ['lock'], options: {}, owner: bert, holder: 'b@here' });
      const held = await begin();
      assert.ok(isFailure(held) && held.code === 'held-by-move');
      assert.equal(held.found, 'move m1');
      assert.equal(await store.unlockForMove(claim), undefined);
      assert.ok(!isFailure(await begin()));
      const busy = await store.lockForMove(claim);
      assert.ok(isFailure(busy) && busy.code === 'lock-held');
      assert.equal(busy.found, 'deployment d1');
    });

    test('anybody may steer it; it can be sent back when it is done, and not when it is back', async () => {
      const claim = claimed(await store.beginMove(start));
      assert.equal(await store.steerMove('m1', { paused: true, approved: 10 }), undefined);
      assert.equal(await store.steerMove('m1', { finish: true }), undefined);
      const begun = await store.begunMove('m1');
      assert.ok(!isFailure(begun) && begun.paused && begun.finish && begun.approved === 10);
      assert.equal(await store.finishMove(claim, { status: 'done', why: 'over', shares: {} }), undefined);
      const late = await store.steerMove('m1', { paused: true });
      assert.ok(isFailure(late) && late.code === 'not-resumable');
      assert.equal(await store.steerMove('m1', { direction: 'back', paused: false }), undefined);
      const again = claimed(await store.claimMove('m1', bert));
      assert.equal(
        await store.finishMove(again, { status: 'back', why: 'sent back', shares: {} }),
        undefined,
      );
      const over = await store.steerMove('m1', { direction: 'back' });
      assert.ok(isFailure(over) && over.code === 'not-resumable');
      const nobody = await store.steerMove('m9', { paused: true });
      assert.ok(isFailure(nobody) && nobody.code === 'no-such-move');
    });

    test('what happened is told in order', async () => {
      claimed(await store.beginMove(start));
      const event = { at: '2026-01-01T00:00:00.000Z', move: 'm1', app: 'hcn' };
      const gates = [1, 10].map(
        (stage) => ({ ...event, type: 'gate', stage, verdict: 'pass', why: 'ok' }) as const,
      );
      for (const one of gates) assert.equal(await store.recordMoveEvent('m1', one), undefined);
      assert.deepEqual(await store.moveEvents('m1'), gates);
    });
  });
}

function claimed(result: MoveClaim | { readonly kind: 'Failure' }): MoveClaim {
  assert.ok(!('kind' in result), JSON.stringify(result));
  return result;
}
