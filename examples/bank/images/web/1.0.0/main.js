/** The page that customers see, also while the api cannot be reached. */
import { page } from './page.js';
import { call, log, serve } from './service.js';

serve({ 'GET /': async () => ({ html: page(await accounts()) }) });

async function accounts() {
  try {
    const { status, json } = await call(process.env.API_URL, '/api/accounts');
    if (status === 200) return json;
    log('error', `the api answers ${status}`);
  } catch (error) {
    log('error', error.message);
  }
  return [];
}
