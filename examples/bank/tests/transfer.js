/**
 * Staged test of the api: moves one cent there and back, one of them twice with the same id, and looks at the
 * books. In a new environment the accounts may still be on their way; it waits a while for them.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const transfers = `${process.env.APP_URL}/api/transfers`;
const there = { id: randomUUID(), source: 'savings', target: 'travel', amount: 1 };
const back = { id: randomUUID(), source: 'travel', target: 'savings', amount: 1 };

const before = await total(Date.now() + 20_000);
assert.equal(await transfer(there), 201);
assert.equal(await transfer(there), 200, 'the same transfer again must not move money again');
assert.equal(await transfer(back), 201);
assert.equal(await total(), before, 'money was lost or made');

async function transfer(body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(transfers, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.status;
}

async function total(deadline = 0) {
  for (;;) {
    const answer = await fetch(transfers);
    if (answer.ok) return (await answer.json()).total;
    assert.ok(Date.now() < deadline, `${transfers} answers ${answer.status}: ${await answer.text()}`);
    await sleep(200);
  }
}
