import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './service.js';

const waiting = dataFolder('queue', 'waiting');

/** A job is a file. It is renamed into place, so that the worker sees a whole one or none. */
export function enqueue(id, text) {
  const job = join(waiting, `${id}.json`);
  writeFileSync(`${job}.new`, JSON.stringify({ id, text }));
  renameSync(`${job}.new`, job);
}
