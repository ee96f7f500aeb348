import { journalEngine } from '../journal-engine.ts';
import { rehearse } from './rehearsal.ts';

/** Rehearses a deployment and dies by its own kill -9 at the nth write to the journal. Exit 0 when it was over before. */
const [database = '', marks = '', fails = '', at = '', moment = ''] = process.argv.slice(2);
await rehearse(journalEngine, {
  database,
  marks,
  ...(fails ? { fails } : {}),
  atWrite(write, now) {
    if (write === Number(at) && now === moment) process.kill(process.pid, 'SIGKILL');
  },
});
