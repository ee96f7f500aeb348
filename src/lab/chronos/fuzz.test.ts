import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openChronos } from './testing.ts';

const fields = [
  'name',
  'schedule',
  'scheduleTimeZone',
  'parents',
  'retries',
  'container',
  'uris',
  'constraints',
  'shell',
  'arguments',
  'environmentVariables',
  '__proto__',
];
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    'a',
    'b',
    'R0//PT1S',
    'R/2040-01-01T00:00:00Z/P1M',
    'R9999999999999999//PT1S',
    '',
    'Europe/Berlin',
    -1,
    1e308,
    null,
  ),
);
const bodies = fc.oneof(
  // Disabled, so that no nonsense is run.
  fc
    .dictionary(fc.constantFrom(...fields), values)
    .map((body) => JSON.stringify({ ...body, disabled: true })),
  fc.string({ maxLength: 40 }),
);
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  path: fc.constantFrom(
    '/iso8601',
    '/dependency',
    '/job/a',
    '/job/success/a',
    '/job/stat/a',
    '/task/kill/a',
    '/jobs',
    '/jobs/search?limit=x',
    '/jobs/summary',
    '/graph/csv',
    '//scheduler/iso8601',
  ),
  body: bodies,
});

test('nonsense is answered properly, and Chronos goes on', async (context) => {
  const chronos = await openChronos(context);
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, body }) => {
      const answer = await chronos.call(method, path, method === 'GET' ? undefined : body);
      const noParents = answer.status === 500 && answer.text.includes('parent does not exist');
      assert.ok(
        answer.status < 500 || noParents,
        `${method} ${path} ${body}: ${answer.status} ${answer.text}`,
      );
    }),
    { numRuns: 400 },
  );
  assert.equal((await chronos.call('GET', '/jobs')).status, 200);
});
