import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Action } from './move.ts';
import { type Next, next } from './next.ts';
import { look, openWorld, pass, perform, plan, type World } from './testing.ts';

/** Looks, acts, and lets a moment go by, until it has ended; what it did, waits left out. */
function run(world: World, between: (world: World, done: Next) => void = () => undefined): Next[] {
  const told: Next[] = [];
  for (let round = 0; !world.ended; round++) {
    assert.ok(round < 20_000, `no end: ${JSON.stringify(told.slice(-3))}`);
    const found = next(world.intent, look(world));
    if (found.action.kind !== 'wait') told.push(found);
    perform(world, found.action);
    const { until } = found.action.kind === 'wait' ? found.action : { until: undefined };
    pass(world, found.action.kind === 'wait' ? Math.min(5_000, Math.max(50, (until ?? 0) - world.now)) : 50);
    between(world, found);
  }
  return told;
}

function words(told: readonly Next[]): string[] {
  return told.map(({ phase, action }) => `${phase}: ${wordOf(action)}`);
}

function wordOf(action: Action): string {
  if (action.kind === 'share') return `share ${action.shares['new']}`;
  if (action.kind === 'deploy')
    return `deploy ${action.home} at ${action.share}${action.duty ? ' on duty' : ''}`;
  if (action.kind === 'disarm' || action.kind === 'arm') return `${action.kind} ${action.home}`;
  return action.kind;
}

describe('the way of a move', () => {
  test('stage by stage, the duty last, then a soak', () => {
    const world = openWorld({ cronMs: 60_000 });
    assert.deepEqual(words(run(world)), [
      'arrive: deploy new at 0',
      'compare: compare',
      'rehearse: rehearse',
      'share: share 1',
      'share: begin-stage',
      'share: share 10',
      'share: begin-stage',
      'share: share 50',
      'share: begin-stage',
      'share: share 100',
      'share: begin-stage',
      'duty: disarm old',
      'duty: arm new',
      'soak: begin-soak',
      'soak: settle',
    ]);
    assert.equal(world.ended, 'done');
  });

  test('what consumes a queue is made larger before it gets its share, and smaller after', () => {
    const told = words(
      run(
        openWorld({ depends: true, intent: { ...openWorld().intent, plan: { ...plan, stages: [50, 100] } } }),
      ),
    );
    const acts = told.filter((word) => /deploy|share|arm/.test(word) && !word.includes('begin'));
    assert.deepEqual(acts, [
      'arrive: deploy new at 0',
      'share: deploy new at 50',
      'share: share 50',
      'share: deploy old at 50 on duty',
      'share: deploy new at 100',
      'share: share 100',
      'share: deploy old at 0 on duty',
      'duty: arm new',
      'duty: deploy old at 0',
      'duty: deploy new at 100 on duty',
    ]);
  });

  test('a gate that fails sends everything back, the traffic first', () => {
    const world = openWorld({ cronMs: 60_000 });
    const told = run(world, (now, { action }) => {
      if (action.kind === 'share' && action.shares['new'] === 50)
        now.verdict = { verdict: 'fail', why: '7 % errors' };
    });
    assert.deepEqual(words(told).slice(-3), ['share: turn', 'share: share 0', 'arrive: settle']);
    assert.deepEqual([world.ended, world.shares, world.duty], ['back', { old: 100, new: 0 }, 'old']);
  });

  test('a deployment in between begins the stage anew, and different versions are waited for', () => {
    const world = openWorld();
    let deployed = false;
    const told = run(world, (now, { action }) => {
      if (deployed || action.kind !== 'begin-stage' || action.share !== 10) return;
      deployed = true;
      now.homes.old.version = '2';
      assert.match(JSON.stringify(next(now.intent, look(now)).action), /versions differ/);
      now.homes.new.version = '2';
    });
    const stages = words(told).filter((word) => word.includes('stage'));
    assert.equal(stages.length, 5, 'one more than there are stages');
    assert.equal(words(told).filter((word) => word === 'compare: compare').length, 2);
  });

  test('pause and yes hold it, finish ends the soak, silence is waited for', () => {
    const { intent } = openWorld();
    const waits = (world: World) => {
      const { action } = next(world.intent, look(world));
      return action.kind === 'wait' ? action.why : action.kind;
    };
    assert.match(waits(openWorld({ intent: { ...intent, paused: true } })), /paused/);
    const there = { version: '1', share: 0, duty: false, healthy: 2, armed: false };
    const ready = { marks: { compared: '1/1', rehearsed: '1' }, homes: { ...openWorld().homes, new: there } };
    const manual = { ...intent, plan: { ...plan, manual: true } };
    assert.match(waits(openWorld({ ...ready, intent: manual })), /1 % wants a yes/);
    assert.equal(waits(openWorld({ ...ready, intent: { ...manual, approved: 1 } })), 'share');
    const silent = { ...openWorld().homes, new: { ...there, silent: 'no answer' } };
    assert.match(waits(openWorld({ ...ready, homes: silent })), /new does not answer: no answer/);
    const soaking = openWorld({
      ...ready,
      shares: { old: 0, new: 100 },
      duty: 'new',
      intent: { ...intent, finish: true },
    });
    soaking.marks = {
      soakSince: soaking.now,
      stage: { share: 100, since: 0, releases: '1/1', before: [], instances: [], deployment: '' },
    };
    assert.equal(waits(soaking), 'settle');
  });

  test('the duty changes hands between two ticks: none is missed, none comes twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 90 }),
        fc.nat(60_000),
        fc.nat(1_500),
        (seconds, offset, runMs) => {
          const cronMs = seconds * 1_000;
          const world = openWorld({
            cronMs,
            intent: { ...openWorld().intent, plan: { ...plan, soakMs: 200_000 } },
          });
          pass(world, offset);
          const begin = world.now;
          run(world, (now) => pass(now, 0, runMs));
          const times = world.ticks.map(({ at }) => at).filter((at) => at > begin);
          const due = Array.from(
            { length: times.length },
            (_, at) => (Math.ceil((begin + 1) / cronMs) + at) * cronMs,
          );
          assert.deepEqual(times, due);
          assert.equal(world.ticks.at(-1)?.home, 'new');
        },
      ),
    );
  });
});

type Disturbance = (world: World) => void;

function toggle(home: { silent?: string }): void {
  if (home.silent) delete home.silent;
  else home.silent = 'no answer';
}

/** What may come between any two looks. */
const disturbances: readonly Disturbance[] = [
  (world) => {
    world.busy = world.busy ? '' : 'd1';
  },
  ({ homes }) => toggle(homes.new),
  ({ homes }) => toggle(homes.old),
  (world) => {
    world.verdict = { verdict: 'fail', why: 'errors' };
  },
  (world) => {
    world.intent = { ...world.intent, direction: 'back' };
  },
  (world) => {
    world.intent = { ...world.intent, paused: !world.intent.paused };
  },
  (world) => {
    world.intent = { ...world.intent, finish: true };
  },
  // A team deploys; both homes come along, each as remembered.
  ({ homes }) => {
    for (const home of Object.values(homes))
      if (home.version) home.version = String(Number(home.version) + 1);
  },
  // Whoever carried it on remembers nothing.
  (world) => {
    world.marks = {};
  },
];

/** In the end everything answers again, and nobody holds it. */
function calmDown(world: World): void {
  delete world.busy;
  for (const home of Object.values(world.homes)) delete home.silent;
  world.intent = { ...world.intent, paused: false };
}

function isSound({ shares, homes }: World): void {
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  assert.ok(Math.abs(sum - 100) < 1e-6, JSON.stringify(shares));
  assert.ok((shares['new'] ?? 0) === 0 || homes.new.version, 'traffic to nothing');
  assert.ok(!(homes.old.armed && homes.new.armed), 'two homes run the crons');
}

const planned = fc.array(fc.tuple(fc.nat(400), fc.nat(disturbances.length - 1)), { maxLength: 12 });
const cronSeconds = fc.option(fc.integer({ min: 5, max: 60 }), { nil: undefined });

test('whatever comes between, it ends with everything in one home, and no traffic ever goes where nothing is', () => {
  fc.assert(
    fc.property(planned, fc.boolean(), cronSeconds, (list, depends, cron) => {
      const world = openWorld({ depends, ...(cron ? { cronMs: cron * 1_000 } : {}) });
      let round = 0;
      run(world, (now) => {
        round++;
        for (const [at, which] of list) if (at === round) disturbances[which]?.(now);
        if (round > 500) calmDown(now);
        isSound(now);
      });
      const home = world.ended === 'done' ? 'new' : 'old';
      assert.equal(world.shares[home], 100);
      assert.equal(world.duty, home);
      assert.ok(!cron || world.homes[home].armed, 'nobody runs the crons');
    }),
    { numRuns: 500 },
  );
});
