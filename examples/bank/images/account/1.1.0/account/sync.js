/** The batch task that hands customers' totals on to the partner: one file, written anew each time. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, log } from '../service.js';
import { accounts } from './ledger.js';

const file = join(dataFolder('partner'), 'customers.json');
writeFileSync(`${file}.new`, JSON.stringify({ at: new Date().toISOString(), accounts: accounts() }));
renameSync(`${file}.new`, file);
log('info', 'customers synchronised', { file });
