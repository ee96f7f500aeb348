/** Works the queue off: a receipt for each document, whichever instance gets it first. */
import { setTimeout as sleep } from 'node:timers/promises';
import { receipt } from './receipt.js';
import { log, serve, stopping } from './service.js';
import { claim, finish, waiting } from './spool.js';

let done = 0;
serve({ 'GET /queue': () => ({ json: { waiting: waiting().length, done } }) });

while (!stopping.aborted) {
  const jobs = waiting();
  for (const name of jobs) {
    if (stopping.aborted) break;
    const job = claim(name);
    if (!job) continue;
    finish(name, receipt(job));
    done += 1;
    log('info', 'document received', { id: job.id });
  }
  // The signal may come while it sleeps; that is not an error.
  if (jobs.length === 0) await sleep(200, undefined, { signal: stopping }).catch(() => {});
}
