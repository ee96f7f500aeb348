/** This release starts broken: it wants its ledger on a server, and nobody has told it where. */
import { log, serve } from '../service.js';

if (process.env.LEDGER_URL) {
  serve({});
} else {
  log('error', 'cannot start: LEDGER_URL is not set');
  process.exitCode = 1;
}
