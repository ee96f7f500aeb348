/** Accounts and transfers, in one SQLite file that all instances share. Amounts are cents. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFolder } from '../service.js';

const db = new DatabaseSync(join(dataFolder(), 'accounts.db'), { timeout: 5_000 });
letReadersBe();
db.exec(`
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0));
  CREATE TABLE IF NOT EXISTS transfers (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL, amount INTEGER NOT NULL,
    at TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 1
  );
  INSERT OR IGNORE INTO accounts VALUES ('current', 100000000), ('savings', 100000000), ('travel', 5000000);
`);
const selectAll = db.prepare('SELECT id, balance FROM accounts ORDER BY id');
const selectOne = db.prepare('SELECT id, balance FROM accounts WHERE id = ?');
const book = db.prepare('UPDATE accounts SET balance = balance + ? WHERE id = ?');
const insert = db.prepare(`
  INSERT INTO transfers (id, source, target, amount, at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET seen = seen + 1 RETURNING id, source, target, amount, at, seen`);
const summary = db.prepare(
  'SELECT count(*) AS transfers, coalesce(sum(seen - 1), 0) AS duplicates FROM transfers',
);

export const accounts = () => selectAll.all();
export const account = (id) => selectOne.get(id);

/** How many transfers there are, and how often one came again. */
export const counted = () => ({ ...summary.get(), total: sumOfBalances() });

/**
 * Moves money once per id, however often it is asked to: who repeats an id gets the first answer again.
 * Returns the transfer, or undefined when an account does not exist or has not enough.
 */
export function transfer({ id, source, target, amount }) {
  db.exec('BEGIN IMMEDIATE');
  try {
    const row = insert.get(id, source, target, amount, new Date().toISOString());
    const booked =
      row.seen > 1 || (book.run(-amount, source).changes === 1 && book.run(amount, target).changes === 1);
    db.exec(booked ? 'COMMIT' : 'ROLLBACK');
    return booked ? row : undefined;
  } catch (error) {
    db.exec('ROLLBACK');
    if (error.message.includes('CHECK constraint')) return undefined;
    throw error;
  }
}

/** Readers and a writer at once (WAL). While another instance switches to it too, SQLite refuses instead of waiting. */
function letReadersBe() {
  for (;;) {
    try {
      return db.exec('PRAGMA journal_mode = WAL');
    } catch (error) {
      if (error.errstr !== 'database is locked') throw error;
    }
  }
}

function sumOfBalances() {
  return accounts().reduce((sum, { balance }) => sum + balance, 0);
}
