/**
 * `node migrate.js up` brings the database to this release's schema, `node migrate.js down` to the one of the
 * release before. Each step and its line in schema_versions are one transaction, so it may run any number of times.
 */
import { db } from './database.js';
import { before, steps } from './migrations.js';
import { log } from './service.js';

const direction = process.argv[2];
if (direction !== 'up' && direction !== 'down') {
  log('error', 'usage: node migrate.js up|down');
  process.exit(2);
}

// Kept in the file: from now on readers and a writer do not wait for each other.
db.exec('PRAGMA journal_mode = WAL');
db.exec('CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY, at TEXT NOT NULL)');
const isThere = db.prepare('SELECT 1 FROM schema_versions WHERE version = ?');
const add = db.prepare('INSERT INTO schema_versions (version, at) VALUES (?, ?)');
const drop = db.prepare('DELETE FROM schema_versions WHERE version = ?');

if (direction === 'up') for (const step of steps) migrate(step);
else for (const step of steps.filter(({ version }) => version > before).reverse()) migrate(step);

function migrate(step) {
  db.exec('BEGIN IMMEDIATE');
  const there = isThere.get(step.version) !== undefined;
  if (there !== (direction === 'up')) {
    db.exec(step[direction]);
    if (there) drop.run(step.version);
    else add.run(step.version, new Date().toISOString());
  }
  db.exec('COMMIT');
  log('info', `schema ${step.version} ${direction}`, { changed: there !== (direction === 'up') });
}
