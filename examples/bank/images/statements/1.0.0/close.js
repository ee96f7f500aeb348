/** At the end of the day: keeps the latest statement under its date. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, log } from './service.js';
import { latest } from './statement.js';

const day = new Date().toISOString().slice(0, 10);
writeFileSync(join(dataFolder('statements'), `${day}.json`), JSON.stringify(latest() ?? {}));
log('info', 'day closed', { day });
