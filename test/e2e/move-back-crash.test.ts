import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bench, type Json, without } from './harness.ts';
import { at, everyTickOnce, livesIn, nothingLost, openMoving, underLightLoad } from './moving.ts';

const skip = without('mesos') || without('local');

type Kill = readonly [action: RegExp, outcome: 'begun' | 'done'];

/** Everything that the way home does, and so that nobody is away twice between the last tick here and the next there. */
const wayHome: readonly (readonly Kill[])[] = [
  [
    [/^share: all to mesos/, 'begun'],
    [/^disarm/, 'begun'],
  ],
  [
    [/^share: all to mesos/, 'done'],
    [/^disarm/, 'done'],
  ],
  [[/on duty$/, 'begun']],
  [[/on duty$/, 'done']],
];

describe('kill -9 of a move on its way back', { skip }, () => {
  test('at every action, as it begins and as it ends: whoever comes next ends it at home', async () => {
    await using bench = await openMoving();
    let deaths = 0;
    const counts = await underLightLoad(bench, 'keep-alive', async () => {
      for (const kills of wayHome) {
        await moveAndKill(bench, (event) => event.type === 'move' && event.move.phase === 'soak');
        deaths += await backAndKill(bench, kills);
        await livesIn(bench, 'mesos', `${kills}`);
      }
      await moveAndKill(bench, at(50));
      deaths += await backAndKill(bench, [[/^share: all to mesos/, 'begun']]);
      await livesIn(bench, 'mesos');
    });
    assert.equal(deaths, wayHome.flat().length + 1);
    nothingLost(counts);
    everyTickOnce(bench);
  });
});

const own = ['echo', '-e', 'test1'] as const;

/** Nobody carries it on any more from there. */
async function moveAndKill(bench: Bench, fits: (event: Json) => boolean): Promise<void> {
  const quick = ['--stages', '50,100', '--hold', '300ms', '--soak', '50s', '--json-stream'];
  const moving = bench.start('move', ...own, '--to', 'local', ...quick);
  await moving.event(fits);
  moving.child.kill('SIGKILL');
  await moving.ended;
}

/** How many were killed on the way; the last one comes home. */
async function backAndKill(bench: Bench, kills: readonly Kill[]): Promise<number> {
  let deaths = 0;
  for (const [action, outcome] of kills) {
    const back = bench.start('move', deaths === 0 ? 'back' : 'resume', ...own, '--json-stream');
    await back
      .event((event) => event.type === 'action' && action.test(event.action) && event.outcome === outcome)
      .catch(() => undefined);
    back.child.kill('SIGKILL');
    if ((await back.ended).signal === 'SIGKILL') deaths++;
  }
  const ended = await bench.run('move', 'resume', ...own);
  assert.equal(ended.code, 4, ended.stderr);
  return deaths;
}
