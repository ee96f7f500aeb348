/** Every few seconds: notes that it ran, so that anybody can count the ticks, and writes a statement. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, dataFolder, log } from './service.js';
import { save } from './statement.js';

const tick = { at: new Date().toISOString(), task: process.env.MESOS_TASK_ID };
appendFileSync(join(dataFolder('statements'), 'ticks.jsonl'), `${JSON.stringify(tick)}\n`);

const { json: accounts } = await call(process.env.ACCOUNT_URL, '/accounts');
save(accounts);
log('info', 'statement written', { accounts: accounts.length });
