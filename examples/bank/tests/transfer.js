/** Staged test of the api: moves one cent there and back, twice with the same id, and looks at the books. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const api = process.env.APP_URL;
const there = { id: randomUUID(), source: 'savings', target: 'travel', amount: 1 };
const back = { id: randomUUID(), source: 'travel', target: 'savings', amount: 1 };

const before = await total();
assert.equal(await transfer(there), 201);
assert.equal(await transfer(there), 200, 'the same transfer again must not move money again');
assert.equal(await transfer(back), 201);
assert.equal(await total(), before, 'money was lost or made');

async function transfer(body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${api}/api/transfers`, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.status;
}

async function total() {
  const answer = await fetch(`${api}/api/transfers`);
  return (await answer.json()).total;
}
