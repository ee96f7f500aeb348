/** The queue is three folders; a job moves from one to the next by renaming, which only one instance can win. */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './service.js';

const [inbox, taken, finished] = ['waiting', 'taken', 'finished'].map((name) => dataFolder('queue', name));
/** A job that was taken this long ago belongs to an instance that died, ms. */
const abandonedAfter = 30_000;

for (const name of jobsIn(taken)) {
  if (Date.now() - statSync(join(taken, name)).mtimeMs > abandonedAfter) move(name, taken, inbox);
}

export const waiting = () => jobsIn(inbox);

/** The job, or undefined when another instance was quicker. */
export function claim(name) {
  if (!move(name, inbox, taken)) return undefined;
  utimesSync(join(taken, name), new Date(), new Date());
  return JSON.parse(readFileSync(join(taken, name), 'utf8'));
}

export function finish(name, result) {
  writeFileSync(join(finished, `${name}.new`), `${JSON.stringify(result)}\n`);
  renameSync(join(finished, `${name}.new`), join(finished, name));
  rmSync(join(taken, name));
}

function jobsIn(folder) {
  return readdirSync(folder).filter((name) => name.endsWith('.json'));
}

function move(name, from, to) {
  try {
    renameSync(join(from, name), join(to, name));
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}
