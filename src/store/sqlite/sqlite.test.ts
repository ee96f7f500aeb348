import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type StoreUnderTest, testStore } from '../../../test/suites/store.ts';
import { testMoves } from '../../../test/suites/store-moves.ts';
import { isFailure } from '../../model/failure.ts';
import type { Owner, Store } from '../store.ts';
import { openSqliteStore } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehome-store-'));
const opened: Store[] = [];
let files = 0;

after(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true });
});

const openFresh = async (): Promise<StoreUnderTest> => {
  const path = nextFile();
  const dead = new Set<number>();
  const alive = ({ pid }: Owner) => !dead.has(pid);
  const store = open(path, alive);
  return {
    store,
    kill: ({ pid }) => dead.add(pid),
    reopen: async () => {
      store.close();
      opened.splice(opened.indexOf(store), 1);
      return open(path, alive);
    },
  };
};

testStore('sqlite', openFresh);
testMoves('sqlite', openFresh);

describe('the state file', () => {
  test('that is not a database is refused with what to do, and left as it was', () => {
    const path = nextFile();
    writeFileSync(path, 'this is not a database, but somebody may need it still'.repeat(100));
    const before = readFileSync(path);
    const store = openSqliteStore(path, { now: Date.now, alive: () => true });
    assert.ok(isFailure(store));
    assert.equal(store.code, 'store-unusable');
    assert.match(store.message, /not a database/);
    assert.match(store.hint ?? '', /move the file away/);
    assert.deepEqual(readFileSync(path), before);
  });

  test('in a folder that cannot be made is refused', () => {
    const path = join(nextFile(), 'state.db');
    writeFileSync(join(path, '..'), 'a file where the folder should be');
    const store = openSqliteStore(path, { now: Date.now, alive: () => true });
    assert.ok(isFailure(store));
    assert.equal(store.code, 'store-unusable');
  });

  test('written by a newer version is refused', () => {
    const path = nextFile();
    const first = openSqliteStore(path, { now: Date.now, alive: () => true });
    assert.ok(!isFailure(first));
    first.close();
    const text = readFileSync(path);
    text.writeUInt32BE(99, 60); // the header's user_version: https://www.sqlite.org/fileformat.html
    writeFileSync(path, text);
    const store = openSqliteStore(path, { now: Date.now, alive: () => true });
    assert.ok(isFailure(store));
    assert.match(store.message, /newer rehome/);
  });

  test('a full disk is a failure, and what was written before stays', async () => {
    const path = nextFile();
    const store = open(path, () => true);
    const homes = [{ home: 'mesos', share: 100, duty: true, phase: 'settled' }];
    await store.saveResidence({ app: 'hcn', environment: 'test1', homes });
    // A page limit is how SQLite itself meets the end of the disk.
    const { DatabaseSync } = await import('node:sqlite');
    const probe = new DatabaseSync(path);
    const pages = Number(Object.values(probe.prepare('PRAGMA page_count').get() ?? {})[0]);
    probe.close();
    const small = openSqliteStore(path, { now: Date.now, alive: () => true, maxPages: pages });
    assert.ok(!isFailure(small));
    opened.push(small);
    const big = 'x'.repeat(200_000);
    const failure = await small.saveResidence({ app: big, environment: 'test1', homes });
    assert.ok(isFailure(failure));
    assert.match(failure.hint ?? '', /make room/);
    assert.ok(await store.residence('hcn', 'test1'));
  });
});

test('four processes at once lose nothing and get one lock at a time', async () => {
  const path = nextFile();
  open(path, () => true);
  const workers = Array.from({ length: 4 }, (_, n) =>
    fork(join(import.meta.dirname, 'testing/contender.ts'), [path, `w${n}`, '25']),
  );
  const codes = await Promise.all(
    workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))),
  );
  assert.deepEqual(codes, [0, 0, 0, 0]);
  const store = open(path, () => true);
  const all = await store.deployments({});
  assert.ok(!isFailure(all));
  assert.equal(all.length, 100);
  assert.ok(all.every(({ status }) => status === 'done'));
});

function nextFile(): string {
  return join(folder, `state-${files++}.db`);
}

function open(path: string, alive: (owner: Owner) => boolean): Store {
  const store = openSqliteStore(path, { now: Date.now, alive });
  assert.ok(!isFailure(store));
  opened.push(store);
  return store;
}
