import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isFailure } from '../../src/model/failure.ts';
import type { Engine } from '../../src/process/engine.ts';
import { marksIn, names, openStore, type Rehearsal, rehearse } from '../../src/process/testing/rehearsal.ts';

/** Every moment there is in a deployment of four steps, and a few more that are never reached. */
const writes = 24;

/**
 * The suite that every Engine passes. `crash` is a program that rehearses with this engine and kills itself
 * (arguments: database, marks, failing step, number of the write, `before` or `after`).
 */
export function testEngine(name: string, engine: Engine, crash: string): void {
  describe(`engine ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'rehome-engine-'));
    let runs = 0;
    after(() => rmSync(folder, { recursive: true }));
    const fresh = (): Rehearsal => {
      const run = runs++;
      return { database: join(folder, `${run}.db`), marks: join(folder, `${run}.txt`) };
    };

    const allDone = names.map((step) => `do ${step}`);
    const backFromRollout = [
      'do prepare',
      'do migrate',
      'undo migrate',
      'undo prepare',
      'notify rolled-back',
    ];

    test('runs every step once, in order', async () => {
      const rehearsal = fresh();
      assert.deepEqual(await rehearse(engine, rehearsal), { kind: 'over' });
      assert.deepEqual(marksIn(rehearsal.marks), allDone);
      assert.equal(await statusOf(rehearsal), 'done');
    });

    test('a failure undoes what was begun, last first', async () => {
      const rehearsal = { ...fresh(), fails: 'rollout' };
      assert.deepEqual(await rehearse(engine, rehearsal), { kind: 'over' });
      assert.deepEqual(marksIn(rehearsal.marks), backFromRollout);
      assert.equal(await statusOf(rehearsal), 'rolled-back');
    });

    test('an interrupt leaves it as it is, and a second run finishes it', async () => {
      const rehearsal = fresh();
      const stop = new AbortController();
      const inside = (step: string) => (step === 'rollout' ? stop.abort() : undefined);
      const ending = await rehearse(engine, { ...rehearsal, inside, signal: stop.signal });
      assert.deepEqual(ending, { kind: 'interrupted' });
      assert.deepEqual(marksIn(rehearsal.marks), ['do prepare', 'do migrate']);
      assert.equal(await statusOf(rehearsal), 'running');
      assert.deepEqual(await rehearse(engine, rehearsal), { kind: 'over' });
      assert.deepEqual(marksIn(rehearsal.marks), allDone);
    });

    test('a request to cancel stops the running step and undoes', async () => {
      const rehearsal = fresh();
      const inside = async (step: string) => {
        if (step !== 'rollout') return;
        const store = openStore(rehearsal.database);
        await store.requestCancel('d1');
        store.close();
      };
      await rehearse(engine, { ...rehearsal, inside });
      assert.deepEqual(marksIn(rehearsal.marks).slice(-4), [
        'undo rollout',
        'undo migrate',
        'undo prepare',
        'notify cancelled',
      ]);
      assert.equal(await statusOf(rehearsal), 'cancelled');
    });

    for (const { how, fails, marks, status } of [
      { how: 'that goes well', fails: '', marks: allDone, status: 'done' },
      { how: 'that fails', fails: 'rollout', marks: backFromRollout, status: 'rolled-back' },
    ]) {
      test(`kill -9 at every write of a deployment ${how}: a resume ends the same`, async () => {
        const points = Array.from({ length: writes }, (_, at) => at).flatMap((at) =>
          (['before', 'after'] as const).map((moment) => ({ at, moment })),
        );
        const deaths = { count: 0 };
        await inPairs(points, async ({ at, moment }) => {
          const rehearsal = { ...fresh(), ...(fails ? { fails } : {}) };
          const died = await dies(crash, [rehearsal.database, rehearsal.marks, fails, String(at), moment]);
          if (died) deaths.count++;
          const over = (await statusOf(rehearsal)) === status;
          if (!over) await rehearse(engine, rehearsal);
          assert.deepEqual(marksIn(rehearsal.marks), marks, `killed ${moment} write ${at}`);
          assert.equal(await statusOf(rehearsal), status, `killed ${moment} write ${at}`);
        });
        assert.ok(deaths.count > 2 * names.length, `only ${deaths.count} of the kills happened`);
      });
    }
  });
}

async function statusOf({ database }: Rehearsal): Promise<string | undefined> {
  const store = openStore(database);
  const deployment = await store.deployment('d1');
  store.close();
  return deployment && !isFailure(deployment) ? deployment.status : undefined;
}

async function dies(program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('exit', (...end) => resolve(end)),
  );
  assert.ok(signal === 'SIGKILL' || code === 0, `${program} ended with ${code ?? signal}`);
  return signal === 'SIGKILL';
}

/** Two at a time: the machine has two cores, and starting processes is all this costs. */
async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const next = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([next(), next()]);
}
