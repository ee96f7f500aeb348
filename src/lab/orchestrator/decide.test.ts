import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Candidate, decide, type Situation, strategyOf } from './decide.ts';

const instance = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  old: true,
  ending: false,
  waiting: false,
  running: true,
  healthy: true,
  ready: true,
  startedAt: Number(id.slice(1)),
  ...more,
});
const olds = (count: number) => Array.from({ length: count }, (_, n) => instance(`o${n}`));

function situation(more: Partial<Situation>): Situation {
  const plain: Situation = {
    wanted: 2,
    candidates: [],
    upgrade: { minHealthy: 1, maxOver: 1 },
    killSelection: 'YOUNGEST_FIRST',
    kind: 'replace',
  };
  const made = { ...plain, ...more };
  return { ...made, strategy: strategyOf(made) };
}

test('a replacement begins as TaskReplaceActor does', () => {
  // wanted, old, minHealthy, maxOver -> killed at once, started at once
  const table = [
    [2, 2, 1, 1, 0, 2],
    [2, 2, 1, 0.5, 0, 1],
    [2, 2, 1, 0, 0, 1], // nothing could move, so one over the capacity
    [4, 4, 0.5, 0, 2, 0], // room comes when they have ended
    [4, 4, 0.5, 0.25, 2, 1],
    [10, 10, 0.9, 0.1, 1, 1],
    [3, 3, 0.5, 0.34, 1, 1], // ceil(1.5) = 2 stay, floor(4.02) = 4 fit
    [1, 1, 0, 0, 1, 0],
    [2, 5, 1, 1, 3, 0], // the surplus over what is wanted goes at once
    [0, 3, 1, 1, 3, 0],
    [3, 0, 1, 1, 0, 3],
  ] as const;
  for (const [wanted, old, minHealthy, maxOver, killed, started] of table) {
    const now = situation({ wanted, candidates: olds(old), upgrade: { minHealthy, maxOver } });
    const { kill, add } = decide(now);
    assert.deepEqual(
      [kill.length, add],
      [killed, started],
      JSON.stringify({ wanted, old, minHealthy, maxOver }),
    );
  }
});

test('an unhealthy old one goes first, and one that only waits goes at once', () => {
  const candidates = [
    instance('o0'),
    instance('o1', { healthy: false, ready: false }),
    instance('o2', { waiting: true, running: false, healthy: false, ready: false }),
    instance('n3', { old: false }),
  ];
  const now = situation({ wanted: 3, candidates, upgrade: { minHealthy: 0.5, maxOver: 0 } });
  assert.deepEqual(decide(now).kill, ['o2', 'o1']);
});

test('nothing that serves is killed below the floor, whatever else allows it', () => {
  const strategy = { old: 2, killAtOnce: 2, capacity: 4, floor: 2 };
  const now = { ...situation({ candidates: olds(2) }), strategy };
  assert.deepEqual(decide(now).kill, []);
  assert.deepEqual(decide({ ...now, strategy: { ...strategy, floor: 1 } }).kill, ['o0']);
});

test('where sick old ones take all the room, one goes so that a successor can start', () => {
  const sick = { healthy: false, ready: false };
  const candidates = [instance('o0', sick), instance('o1', sick), instance('o2'), instance('o3')];
  const now = situation({ wanted: 4, candidates, upgrade: { minHealthy: 0.5, maxOver: 0 } });
  assert.deepEqual(decide(now), { kill: ['o0'], add: 0, done: false });
});

test('scaling down takes unhealthy, then starting, then by the selection', () => {
  const candidates = [
    instance('o1'),
    instance('o2'),
    instance('o3'),
    instance('o4', { running: false, healthy: false }),
    instance('o5', { healthy: false }),
  ];
  const kill = (wanted: number, killSelection: Situation['killSelection']) =>
    decide(situation({ wanted, candidates, kind: 'scale', killSelection })).kill;
  assert.deepEqual(kill(4, 'YOUNGEST_FIRST'), ['o5']);
  assert.deepEqual(kill(3, 'YOUNGEST_FIRST'), ['o5', 'o4']);
  assert.deepEqual(kill(2, 'YOUNGEST_FIRST'), ['o5', 'o4', 'o3']);
  assert.deepEqual(kill(2, 'OLDEST_FIRST'), ['o5', 'o4', 'o1']);
});

test('without a rollout missing ones are added, and a surplus is left alone', () => {
  assert.deepEqual(decide(situation({ kind: 'keep', wanted: 3, candidates: olds(1) })).add, 2);
  assert.deepEqual(decide(situation({ kind: 'keep', wanted: 1, candidates: olds(3) })).kill, []);
});

const fraction = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);

test('whatever happens, a replacement ends, and its kills never go below its floor', () => {
  const numbers = fc.record({
    wanted: fc.integer({ min: 0, max: 9 }),
    old: fc.integer({ min: 0, max: 9 }),
    sick: fc.integer({ min: 0, max: 9 }),
    minHealthy: fraction,
    maxOver: fraction,
    choices: fc.array(fc.nat(), { minLength: 300, maxLength: 300 }),
  });
  fc.assert(
    fc.property(numbers, ({ wanted, old, sick, minHealthy, maxOver, choices }) => {
      const candidates = olds(old).map((one, n) =>
        n < sick ? { ...one, healthy: false, ready: false } : one,
      );
      simulate(situation({ wanted, candidates, upgrade: { minHealthy, maxOver } }), choices);
    }),
    { numRuns: 1_000 },
  );
});

/** Plays a replacement to its end: instances become ready, killed ones go, and a few old ones crash, in any order. */
function simulate(first: Situation, choices: readonly number[]): void {
  let candidates = [...first.candidates];
  const healthyOf = () => candidates.filter((one) => one.healthy && !one.ending).length;
  const floor = first.strategy?.floor ?? 0;
  const most = Math.max(candidates.length, first.strategy?.capacity ?? 0);
  for (const [moment, choice] of choices.entries()) {
    const decision = decide({ ...first, candidates });
    if (decision.done) return;
    const before = healthyOf();
    candidates = candidates.map((one) =>
      decision.kill.includes(one.id) ? { ...one, ending: true, healthy: false, ready: false } : one,
    );
    assert.ok(healthyOf() === before || healthyOf() >= floor, `${healthyOf()} healthy, ${floor} at least`);
    for (let n = 0; n < decision.add; n++) {
      candidates.push(instance(`n${moment}${n}`, { old: false, healthy: false, ready: false }));
    }
    assert.ok(candidates.length <= most, `${candidates.length} instances, ${most} at most`);
    candidates = happen(candidates, choice, moment < 5);
  }
  assert.fail('it never ends');
}

function happen(candidates: Candidate[], choice: number, mayCrash: boolean): Candidate[] {
  const crash = mayCrash && candidates.find((one) => one.old && !one.ending);
  if (crash && choice % 7 === 0) return candidates.filter((one) => one !== crash);
  const open = candidates.filter((one) => one.ending || (!one.old && !one.healthy));
  const chosen = open[choice % Math.max(1, open.length)];
  if (!chosen) return candidates;
  if (chosen.ending) return candidates.filter((one) => one !== chosen);
  return candidates.map((one) => (one === chosen ? { ...one, healthy: true, ready: true } : one));
}
