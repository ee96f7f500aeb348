/** The bank's public API: hands each request to the service that knows. */
import { overview } from './overview.js';
import { call, serve } from './service.js';

const { ACCOUNT_URL, DOCUMENT_URL } = process.env;

serve({
  'GET /api/accounts': () => call(ACCOUNT_URL, '/accounts'),
  'GET /api/accounts/:id': ({ params }) => call(ACCOUNT_URL, `/accounts/${encodeURIComponent(params.id)}`),
  'GET /api/overview': overview,
  'GET /api/transfers': () => call(ACCOUNT_URL, '/transfers'),
  'POST /api/transfers': ({ body }) => call(ACCOUNT_URL, '/transfers', { method: 'POST', json: body }),
  'GET /api/documents/:id': ({ params }) => call(DOCUMENT_URL, `/documents/${encodeURIComponent(params.id)}`),
  'POST /api/documents': ({ body }) => call(DOCUMENT_URL, '/documents', { method: 'POST', json: body }),
});
