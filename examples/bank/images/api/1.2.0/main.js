/** This release starts well and falls ill: it never gives a connection back, and one day none is left. */
import { call, serve } from './service.js';

const { ACCOUNT_URL, DOCUMENT_URL, ILL_AFTER_MS = '6000' } = process.env;

serve(
  {
    'GET /api/accounts': () => call(ACCOUNT_URL, '/accounts'),
    'GET /api/accounts/:id': ({ params }) => call(ACCOUNT_URL, `/accounts/${encodeURIComponent(params.id)}`),
    'GET /api/transfers': () => call(ACCOUNT_URL, '/transfers'),
    'POST /api/transfers': ({ body }) => call(ACCOUNT_URL, '/transfers', { method: 'POST', json: body }),
    'GET /api/documents/:id': ({ params }) =>
      call(DOCUMENT_URL, `/documents/${encodeURIComponent(params.id)}`),
    'POST /api/documents': ({ body }) => call(DOCUMENT_URL, '/documents', { method: 'POST', json: body }),
  },
  () => (performance.now() > Number(ILL_AFTER_MS) ? 'the pool of connections is exhausted' : undefined),
);
