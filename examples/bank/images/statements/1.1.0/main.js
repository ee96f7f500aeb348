/** Shows the latest statement. The crons of this app write them. */
import { serve } from './service.js';
import { latest } from './statement.js';

serve({
  'GET /statements/latest': () => {
    const statement = latest();
    return statement ? { json: statement } : { status: 404, json: { error: 'no statement yet' } };
  },
});
