/** Gives older notices their channel. `mongo: True` in the manifest makes it run, by the convention for migrations. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { log } from '../service.js';
import { file, folder, notices } from './store.js';

const form = { version: 2, fields: ['id', 'at', 'channel', 'text'] };
const lines = notices().map((notice) => `${JSON.stringify({ channel: 'mail', ...notice })}\n`);
writeFileSync(`${file}.new`, lines.join(''));
renameSync(`${file}.new`, file);
writeFileSync(join(folder, 'form.json'), `${JSON.stringify(form)}\n`);
log('info', 'notices migrated', { form: form.version, notices: lines.length });
