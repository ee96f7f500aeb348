/** Keeps notices to customers. Shows which queue and database it was bound to, without the passwords. */
import { appendFileSync } from 'node:fs';
import { serve } from '../service.js';
import { bindings } from './bindings.js';
import { notice } from './notice.js';
import { file, notices } from './store.js';

serve({
  'GET /bindings': () => ({ json: bindings() }),
  'GET /notices': () => ({ json: notices() }),
  'POST /notices': ({ body }) => {
    if (!body?.text) return { status: 400, json: { error: 'a notice has a text' } };
    const made = notice(body);
    appendFileSync(file, `${JSON.stringify(made)}\n`);
    return { status: 201, json: made };
  },
});
