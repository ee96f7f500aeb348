/** Notes which form the notices have. `mongo: True` in the manifest makes it run, by the convention for migrations. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { log } from '../service.js';
import { folder, notices } from './store.js';

const form = { version: 1, fields: ['id', 'at', 'text'] };
writeFileSync(join(folder, 'form.json'), `${JSON.stringify(form)}\n`);
log('info', 'notices migrated', { form: form.version, notices: notices().length });
