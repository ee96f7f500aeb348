import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Next, next } from './next.ts';
import { look, openWorld, pass, perform, type World } from './testing.ts';

const hourMs = 3_600_000;

/** One look and one action; a wait lasts a second. */
function turn(world: World): Next {
  const found = next(world.intent, look(world));
  perform(world, found.action);
  pass(world, found.action.kind === 'wait' ? 1_000 : 50);
  return found;
}

/** Looks and acts until it is so; never for more than so many looks. */
function until(world: World, fits: (found: Next) => boolean, looks: number): readonly Next[] {
  const told: Next[] = [];
  while (!told.some(fits)) {
    assert.ok(told.length < looks, `after ${looks} looks still not; last ${JSON.stringify(told.at(-1))}`);
    told.push(turn(world));
  }
  return told;
}

const beginsStage = ({ action }: Next) => action.kind === 'begin-stage';
const sharesMore = ({ action }: Next) => action.kind === 'share';
const settles = ({ action }: Next) => action.kind === 'settle';

describe('a clock that jumps', () => {
  test('an hour back: the stage begins anew, and takes no longer than a stage', () => {
    const world = openWorld();
    until(world, beginsStage, 20);
    world.now -= hourMs;
    // One look to begin anew, sixty of a second each, and one for the next share.
    const told = until(world, sharesMore, 63);
    assert.equal(told.filter(beginsStage).length, 1);
  });

  test('an hour forward: the stage is over, and yet nothing goes on without a verdict', () => {
    const world = openWorld();
    until(world, beginsStage, 20);
    world.now += hourMs;
    delete world.verdict;
    for (let looks = 0; looks < 5; looks++) assert.equal(turn(world).action.kind, 'wait');
    world.verdict = { verdict: 'pass', why: 'well' };
    assert.ok(sharesMore(turn(world)));
  });

  test('an hour back in the soak: it is soaked once more, and not for an hour more', () => {
    const world = openWorld();
    until(world, ({ action }) => action.kind === 'begin-soak', 500);
    world.now -= hourMs;
    until(world, settles, 605);
    assert.equal(world.ended, 'done');
  });

  for (const every of [3, 7, 31]) {
    test(`to and fro after every ${every} looks: it ends, stage by stage`, () => {
      const world = openWorld({ cronMs: 60_000 });
      const jumping = Array.from({ length: 300 }, (_, looks) => {
        if (looks % every === 0) world.now += looks % 2 === 0 ? hourMs : -hourMs;
        return world.ended ? [] : [turn(world)];
      });
      const told = [...jumping.flat(), ...(world.ended ? [] : until(world, settles, 2_000))];
      const shares = told.flatMap(({ action }) => (action.kind === 'share' ? [action.shares['new']] : []));
      assert.deepEqual([world.ended, shares], ['done', [1, 10, 50, 100]]);
    });
  }
});

describe('what others do meanwhile', () => {
  test('a share set by hand is held like a stage, and said', () => {
    const world = openWorld();
    until(world, ({ action }) => action.kind === 'share' && action.shares['new'] === 10, 200);
    world.shares = { old: 70, new: 30 };
    const told = until(world, sharesMore, 70);
    assert.ok(told.some(({ action }) => action.kind === 'begin-stage' && action.share === 30));
    assert.ok(
      told.some(({ action }) => action.kind === 'wait' && /^30 % in new, set by hand/.test(action.why)),
    );
    assert.equal(world.shares['new'], 50);
  });

  test('whoever takes all of the traffic away by hand wants it back', () => {
    const world = openWorld();
    until(world, beginsStage, 20);
    world.shares = { old: 100, new: 0 };
    const { action } = turn(world);
    assert.deepEqual(action, { kind: 'turn', why: 'the traffic of new was taken away by hand' });
    until(world, settles, 20);
    assert.deepEqual([world.ended, world.shares['new']], ['back', 0]);
  });

  test('a check that cannot be made holds the stage, also where few requests do not', () => {
    const world = openWorld();
    assert.equal(world.intent.plan.gate.inconclusive, 'proceed');
    until(world, beginsStage, 20);
    world.verdict = { verdict: 'inconclusive', why: 'nobody answers', unanswered: true };
    for (let looks = 0; looks < 200; looks++) assert.equal(turn(world).action.kind, 'wait');
    world.verdict = { verdict: 'inconclusive', why: 'few requests' };
    assert.ok(sharesMore(turn(world)));
  });
});
