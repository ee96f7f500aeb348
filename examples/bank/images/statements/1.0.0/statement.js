import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './service.js';

const file = join(dataFolder('statements'), 'latest.json');

export function latest() {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

export function save(accounts) {
  const at = new Date().toISOString();
  writeFileSync(`${file}.new`, `${JSON.stringify({ at, accounts })}\n`);
  renameSync(`${file}.new`, file);
}
