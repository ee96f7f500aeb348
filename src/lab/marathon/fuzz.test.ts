import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openMarathon } from './testing.ts';

const fields = [
  'id',
  'cpus',
  'mem',
  'env',
  'labels',
  'constraints',
  'container',
  'networks',
  'ports',
  'healthChecks',
  'portDefinitions',
  'readinessChecks',
  'upgradeStrategy',
  'unreachableStrategy',
  'dependencies',
  'secrets',
  'version',
  'apps',
  'groups',
  'ids',
  'scaleBy',
  '__proto__',
  'constructor',
  'docker',
  'image',
  'port',
  'name',
  'protocol',
];
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('/x', 'x', '../..', '/', '', 'HTTP', 'host', 'DOCKER', -1, 0, 1e308, 2 ** 31, 65_536, null),
);
const commands = fc.constantFrom('exec sleep 5', 5, null);
const bodies = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .dictionary(
        fc.constantFrom(...fields),
        fc.oneof(values, fc.array(fc.dictionary(fc.constantFrom(...fields), values))),
        { maxKeys: 6 },
      )
      // Only this command is ever run, whatever else is made up.
      .chain((body) => commands.map((cmd) => JSON.stringify({ ...body, cmd }))),
  },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.json().chain((text) => fc.nat(text.length).map((cut) => text.slice(0, cut))) },
);
const requests = fc.record({
  method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
  path: fc.constantFrom(
    '/v2/apps',
    '/v2/apps/x',
    '/v2/apps//x/y',
    '/v2/apps/x/restart',
    '/v2/apps/x/tasks',
    '/v2/apps/x/tasks/y',
    '/v2/groups',
    '/v2/groups/g',
    '/v2/groups/g?dryRun=true',
    '/v2/tasks/delete',
    '/v2/deployments/d',
    '/v2/queue/x/delay',
    '/v2/pods',
    '/v2/apps/x%00y',
  ),
  body: bodies,
});

/** Answers that a real Marathon gives to nonsense; 500 is only for paths that it does not know. */
const proper = new Set([200, 201, 202, 204, 400, 404, 405, 409, 415, 422]);

test('nonsense is answered properly, and Marathon goes on', async (context) => {
  const marathon = await openMarathon(context);
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, body }) => {
      const answer = await marathon.call(method, path, body);
      assert.ok(proper.has(answer.status), `${method} ${path} ${body}: ${answer.status} ${answer.text}`);
      if (answer.status >= 400) assert.equal(typeof (answer.json as { message: string }).message, 'string');
    }),
    { numRuns: 400 },
  );
  // Met once by chance: numbers that no Double is written as, and a group that grows by billions.
  const big = { id: '/big', cpus: 1e308, mem: 1e21, cmd: 'exec sleep 5', instances: 0 };
  assert.equal((await marathon.call('POST', '/v2/apps', big)).status, 201);
  const grown = await marathon.call('PUT', '/v2/groups/', { scaleBy: 1e308 });
  assert.ok(proper.has(grown.status), grown.text);
  const apps = await marathon.call('GET', '/v2/apps?embed=apps.tasks');
  assert.equal(apps.status, 200);
});
