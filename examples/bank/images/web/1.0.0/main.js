/** The page that customers see. */
import { page } from './page.js';
import { call, serve } from './service.js';

serve({
  'GET /': async () => {
    const { json } = await call(process.env.API_URL, '/api/accounts');
    return { html: page(json) };
  },
});
