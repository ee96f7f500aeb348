/** One line per notice. Each line was appended in one write, so instances do not disturb each other. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../service.js';

export const folder = dataFolder('hcn');
export const file = join(folder, 'notices.jsonl');

export function notices() {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}
