import { mkdirSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type Failure, fail } from '../../model/failure.ts';

/** One SQLite file: rows as plain objects, one transaction per call, and SQLite's errors as failures. */
export interface Database {
  /** Runs `work` in one immediate transaction: a Failure it returns rolls it back, as a throw does. */
  transaction<T>(work: () => T): T | Failure;
  /** Runs reads on one snapshot; never waits for a writer. */
  snapshot<T>(work: () => T): T | Failure;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  one(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** Number of rows that changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  close(): void;
}

export type Row = Record<string, string | number | null>;

/** How long a write waits for the writer before it, ms. */
const busyTimeoutMs = 10_000;

/** `upgrades[n]` brings a file from version n to n + 1; never edit one that was published. */
export function openDatabase(
  path: string,
  upgrades: readonly string[],
  maxPages?: number,
): Database | Failure {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const db = new DatabaseSync(path, { timeout: busyTimeoutMs });
    // WAL: readers (status, show) do not wait for the writer. NORMAL: a crash of the program loses nothing.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
    const database = wrap(db, path);
    const failure = database.transaction(() => upgrade(db, path, upgrades));
    return failure ?? database;
  } catch (error) {
    return unusable(path, error);
  }
}

function wrap(db: DatabaseSync, path: string): Database {
  const statement = statements(db);
  return {
    transaction: (work) => transaction(db, path, 'BEGIN IMMEDIATE', work),
    snapshot: (work) => transaction(db, path, 'BEGIN', work),
    all: (sql, ...values) => statement(sql).all(...values) as Row[],
    one: (sql, ...values) => statement(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
    close: () => db.close(),
  };
}

function statements(db: DatabaseSync) {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  return (sql: string) => {
    const known = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
}

function transaction<T>(db: DatabaseSync, path: string, begin: string, work: () => T): T | Failure {
  try {
    db.exec(begin);
  } catch (error) {
    return unusable(path, error);
  }
  try {
    const result = work();
    db.exec(isFailed(result) ? 'ROLLBACK' : 'COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    if (isSqliteError(error)) return unusable(path, error);
    throw error;
  }
}

function upgrade(db: DatabaseSync, path: string, upgrades: readonly string[]): Failure | undefined {
  const version = Number(Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0] ?? 0);
  if (version > upgrades.length) {
    return fail('store-unusable', `${path} was written by a newer rehome.`, {
      found: `state version ${version}`,
      expected: `${upgrades.length} or older`,
      hint: 'install the newer rehome',
    });
  }
  for (const sql of upgrades.slice(version)) db.exec(sql);
  if (version < upgrades.length) db.exec(`PRAGMA user_version = ${upgrades.length}`);
  return undefined;
}

function unusable(path: string, error: unknown): Failure {
  const told = error instanceof Error ? error.message : String(error);
  // Opening a file on a full disk is an "I/O error" to SQLite: it finds no room for the index of its log.
  const reason = /I\/O/.test(told) && isFull(dirname(path)) ? `${told}, as the disk is full` : told;
  return fail('store-unusable', `The state file ${path} cannot be used: ${reason}.`, {
    hint: remedy(reason),
  });
}

function isFull(folder: string): boolean {
  try {
    return statfsSync(folder).bavail === 0;
  } catch {
    return false;
  }
}

/** The platforms are the truth and the store a memory of it, so that losing the file is no disaster. */
function remedy(reason: string): string {
  if (/full/.test(reason)) return 'make room on the disk and repeat; nothing is lost';
  if (/not a database|malformed|corrupt/.test(reason)) {
    return 'move the file away: versions, shares and duty are found again by looking at the homes; history starts anew';
  }
  if (/locked|busy/.test(reason)) return 'another rehome holds it; repeat in a moment';
  return 'check that the folder exists and can be written';
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

function isFailed(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'Failure';
}
