import { serve } from '../service.js';
import { account, accounts, counted, transfer } from './ledger.js';
import { present } from './present.js';

serve({
  'GET /accounts': () => ({ json: accounts().map(present) }),
  'GET /accounts/:id': ({ params }) => {
    const found = account(params.id);
    return found ? { json: present(found) } : { status: 404, json: { error: `no account ${params.id}` } };
  },
  'GET /transfers': () => ({ json: counted() }),
  'POST /transfers': ({ body }) => {
    const wrong = whatIsWrong(body ?? {});
    if (wrong) return { status: 400, json: { error: wrong } };
    const done = transfer(body);
    if (!done) return { status: 409, json: { error: `${body.amount} cannot be taken from ${body.source}` } };
    return { status: done.seen > 1 ? 200 : 201, json: done };
  },
});

function whatIsWrong({ id, source, target, amount }) {
  if (![id, source, target].every((text) => typeof text === 'string' && text !== '')) {
    return 'a transfer has an id, a source and a target';
  }
  return Number.isSafeInteger(amount) && amount > 0 ? undefined : 'an amount is a whole number of cents';
}
