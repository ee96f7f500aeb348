/** Keeps documents, and hands each new one to the worker's queue. */
import { documents, find, store } from './documents.js';
import { enqueue } from './queue.js';
import { serve } from './service.js';

serve({
  'GET /documents': () => ({ json: documents() }),
  'GET /documents/:id': ({ params }) => {
    const found = find(params.id);
    return found ? { json: found } : { status: 404, json: { error: `no document ${params.id}` } };
  },
  'POST /documents': ({ body }) => {
    if (!body?.title || !body.text)
      return { status: 400, json: { error: 'a document has a title and a text' } };
    const stored = store(body);
    enqueue(stored.id, body.text);
    return { status: 201, json: stored };
  },
});
