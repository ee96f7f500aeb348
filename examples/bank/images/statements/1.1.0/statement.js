import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './service.js';

const file = join(dataFolder('statements'), 'latest.json');

export function latest() {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** New in 1.1: a statement carries the total. */
export function save(accounts) {
  const at = new Date().toISOString();
  const total = accounts.reduce((sum, { balance }) => sum + balance, 0);
  writeFileSync(`${file}.new`, `${JSON.stringify({ at, total, accounts })}\n`);
  renameSync(`${file}.new`, file);
}
