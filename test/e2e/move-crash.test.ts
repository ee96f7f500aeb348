import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bench, type Json, without } from './harness.ts';
import { everyTickOnce, livesIn, nothingLost, openMoving, underLoad } from './moving.ts';

const skip = without('mesos') || without('local');

/** Whatever a move tells that it begins or has done. */
const actions = [
  /^deploy/,
  /^compare/,
  /^ask/,
  /^share: 10 %/,
  /^share: 50 %/,
  /^share: 100 %/,
  /^disarm/,
  /on duty$/,
] as const;

describe('kill -9 of a move', { skip }, () => {
  test('at every action, as it begins and as it ends: whoever comes next ends it the same', async () => {
    await using bench = await openMoving();
    let deaths = 0;
    const counts = await underLoad(bench, 'keep-alive', async () => {
      let [from, to] = ['mesos', 'local'];
      for (const action of actions) {
        for (const outcome of ['begun', 'done']) {
          if (await moveAndKill(bench, to, action, outcome)) {
            deaths++;
            await bench.runs(0, 'move', 'resume', 'echo', '-e', 'test1');
          }
          await livesIn(bench, to, `killed as ${action} is ${outcome}`);
          [from, to] = [to, from];
        }
      }
    });
    // What is there already does not arrive: only the first move has that action.
    assert.ok(deaths >= actions.length * 2 - 1, `only ${deaths} were killed in the middle`);
    nothingLost(counts);
    everyTickOnce(bench);
  });
});

/** Whether it was killed before its end. */
async function moveAndKill(bench: Bench, to: string, action: RegExp, outcome: string): Promise<boolean> {
  const moving = bench.start(
    'move',
    'echo',
    '-e',
    'test1',
    '--to',
    to,
    '--hold',
    '300ms',
    '--soak',
    '300ms',
    '--json-stream',
  );
  const fits = (event: Json) =>
    event.type === 'action' && action.test(event.action) && event.outcome === outcome;
  await moving.event(fits).catch(() => undefined);
  moving.child.kill('SIGKILL');
  const ended = await moving.ended;
  return ended.signal === 'SIGKILL';
}
