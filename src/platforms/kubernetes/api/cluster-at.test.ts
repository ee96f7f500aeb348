import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Failure, isFailure } from '../../../model/failure.ts';
import type { WatchEvent } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';
import { apiServer, json } from './testing/api-server.ts';

const named = (name: string) => ({ metadata: { name } });

test('a server that has too much to do is asked again when it says so', async () => {
  await using server = await apiServer((response, _, count) => {
    if (count === 1) return json(response, 429, { message: 'slow down' }, { 'retry-after': '1' });
    json(response, 200, named('x'));
  });
  const begun = performance.now();
  const found = await server.cluster.apply(kinds.Deployment, 'x', { kind: 'Deployment' });
  assert(!isFailure(found));
  assert(performance.now() - begun >= 950, 'it was asked again too soon');
  assert.deepEqual(found, named('x'));
  assert.equal(server.asked.length, 2);
  assert.equal(server.asked[1]?.body, '{"kind":"Deployment"}');
});

test('a write is a strict server-side apply under our name, into the namespace of the context', async () => {
  await using server = await apiServer((response) => json(response, 200, named('x')));
  await server.cluster.apply(kinds.Deployment, 'x', {}, { dryRun: true });
  const [asked] = server.asked;
  assert.equal(asked?.headers['content-type'], 'application/apply-patch+yaml');
  const url = new URL(asked?.url ?? '', 'http://x');
  assert.equal(url.pathname, '/apis/apps/v1/namespaces/test1/deployments/x');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    fieldManager: 'rehome',
    fieldValidation: 'Strict',
    dryRun: 'All',
    force: 'false',
  });
});

test('a passing 5xx and a cut connection are ridden out; too large a request is not sent again', async () => {
  await using server = await apiServer((response, _, count) => {
    if (count === 1) return json(response, 503, { message: 'starting' });
    if (count === 2) return response.destroy();
    if (count === 3) return json(response, 200, named('x'));
    json(response, 500, { message: 'etcdserver: request is too large' });
  });
  assert(!isFailure(await server.cluster.get(kinds.Service, 'x')));
  assert.equal(server.asked.length, 3);
  const large = await server.cluster.apply(kinds.Service, 'x', {});
  assert(isFailure(large) && large.code === 'too-large');
  assert.equal(server.asked.length, 4);
});

test('one that never answered is not waited for, one that is away is, and comes back', async () => {
  await using server = await apiServer((response, _, count) => {
    if (count > 1 && count < 9) return response.destroy();
    json(response, 200, named('x'));
  });
  assert(!isFailure(await server.cluster.get(kinds.Service, 'x')));
  assert(!isFailure(await server.cluster.get(kinds.Service, 'x')));
  assert.equal(server.asked.length, 9);

  await using gone = await apiServer((response) => json(response, 200, {}));
  await gone.stop();
  const begun = performance.now();
  const nobody = await gone.cluster.get(kinds.Service, 'x');
  assert(isFailure(nobody) && nobody.code === 'unreachable');
  assert(performance.now() - begun < 3_000);
});

test('a long list comes chunk by chunk, and is begun again where it changed too much', async () => {
  await using server = await apiServer((response, { url }, count) => {
    const more = new URL(url, 'http://x').searchParams.get('continue');
    if (count === 2) return json(response, 410, { reason: 'Expired', message: 'too old' });
    if (!more) return json(response, 200, { metadata: { continue: 'a b' }, items: [named('1')] });
    assert.equal(more, 'a b');
    json(response, 200, { metadata: {}, items: [named('2')] });
  });
  const found = await server.cluster.list(kinds.CronJob, { labels: 'a in (b, c)' });
  assert.deepEqual(found, [
    { apiVersion: 'batch/v1', kind: 'CronJob', ...named('1') },
    { apiVersion: 'batch/v1', kind: 'CronJob', ...named('2') },
  ]);
  assert.equal(server.asked.length, 4);
  assert.equal(
    new URL(server.asked[0]?.url ?? '', 'http://x').searchParams.get('labelSelector'),
    'a in (b, c)',
  );
});

test('a kind that the cluster does not know has no objects', async () => {
  await using server = await apiServer((response) =>
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found'),
  );
  assert.deepEqual(await server.cluster.list(kinds.HTTPRoute), []);
  const written = await server.cluster.apply(kinds.HTTPRoute, 'x', {});
  assert(isFailure(written) && written.code === 'unsupported');
  assert.match(written.hint ?? '', /Gateway API/);
});

test('a watch gives events and bookmarks, and ends with what the server says of missed ones', async () => {
  const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
  await using server = await apiServer((response, { url }) => {
    if (url.includes('resourceVersion=0815')) return json(response, 410, { message: 'too old', code: 410 });
    response.writeHead(200);
    const text = event('ADDED', named('ü')) + event('BOOKMARK', { metadata: { resourceVersion: '7' } });
    const bytes = Buffer.from(text + event('ERROR', { code: 410, reason: 'Expired', message: 'too old' }));
    const half = bytes.indexOf('ü') + 1;
    response.write(bytes.subarray(0, half));
    setImmediate(() => response.end(bytes.subarray(half)));
  });
  const got: (WatchEvent | Failure)[] = [];
  let opened = 0;
  const onOpen = () => {
    opened++;
  };
  for await (const one of server.cluster.watch(kinds.Deployment, { onOpen })) got.push(one);
  assert.deepEqual(got.slice(0, 2), [
    { type: 'ADDED', object: named('ü') },
    { type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } },
  ]);
  assert(isFailure(got[2]) && got[2].code === 'changes-missed');
  assert.deepEqual([got.length, opened], [3, 1]);
  const late = await nextOf(server.cluster.watch(kinds.Deployment, { resourceVersion: '0815' }));
  assert(isFailure(late) && late.code === 'changes-missed');
});

test('lines of a pod come as they are; why there are none, in the words of the server', async () => {
  await using server = await apiServer((response, { url }) => {
    if (!url.includes('/pods/good/'))
      return json(response, 400, { message: 'container is waiting to start' });
    response.end('one\ntwo\n');
  });
  const lines: unknown[] = [];
  for await (const line of server.cluster.log('good', { tail: 5, previous: true })) lines.push(line);
  assert.deepEqual(lines, ['one', 'two']);
  assert.equal(server.asked[0]?.url, '/api/v1/namespaces/test1/pods/good/log?tailLines=5&previous=true');
  const none = await nextOf(server.cluster.log('bad', {}));
  assert(isFailure(none) && /waiting to start/.test(none.message), JSON.stringify(none));
});

async function nextOf<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  for await (const value of values) return value;
  return undefined;
}

/** Writes a plugin that counts how often it was asked, reads its input to the end, and gives `token-N`. */
function plugin(folder: string, more = '') {
  const path = join(folder, 'plugin');
  const script = `#!/bin/sh
cat > /dev/null
echo "$KUBERNETES_EXEC_INFO" > ${folder}/info
echo x >> ${folder}/asked
n=$(wc -l < ${folder}/asked)
${more}
echo "{\\"status\\": {\\"token\\": \\"$PREFIX-$n\\"$EXPIRY}}"
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return () =>
    existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8').length / 2 : 0;
}

const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: './plugin',
  env: [{ name: 'PREFIX', value: 'token' }],
  interactiveMode: 'Never',
  provideClusterInfo: true,
};

test('a plugin is asked once for many requests, and once more for a token that is refused', async () => {
  let good = 'Bearer token-1';
  await using server = await apiServer(
    (response, { headers }) => {
      if (headers.authorization !== good) return json(response, 401, { message: 'Unauthorized' });
      json(response, 200, named('x'));
    },
    { user: { exec } },
  );
  const asked = plugin(server.folder);
  const get = () => server.cluster.get(kinds.Service, 'x');
  for (const one of await Promise.all([get(), get(), get()])) assert(!isFailure(one), JSON.stringify(one));
  assert.equal(asked(), 1);
  const info = JSON.parse(readFileSync(join(server.folder, 'info'), 'utf8'));
  assert.equal(info.spec.interactive, false);
  assert.match(info.spec.cluster.server, /^http:\/\/127/);

  good = 'Bearer token-2';
  for (const one of await Promise.all([get(), get(), get()])) assert(!isFailure(one), JSON.stringify(one));
  assert.equal(asked(), 2);

  good = 'Bearer nobody';
  const refused = await get();
  assert(isFailure(refused) && refused.code === 'not-authenticated');
  assert.match(refused.message, /context here/);
  assert.equal(asked(), 3);
  good = 'Bearer token-4';
  const lines = await nextOf(server.cluster.watch(kinds.Service, {}));
  assert(lines === undefined || isFailure(lines));
  assert.equal(asked(), 4);
});

test('a plugin is asked again when what it gave is over', async () => {
  await using server = await apiServer((response) => json(response, 200, named('x')), { user: { exec } });
  const asked = plugin(server.folder, `EXPIRY=', "expirationTimestamp": "2020-01-01T00:00:00Z"'`);
  await server.cluster.get(kinds.Service, 'x');
  await server.cluster.get(kinds.Service, 'x');
  assert.equal(asked(), 2);
  assert.equal(server.asked[1]?.headers.authorization, 'Bearer token-2');
});

test('a plugin that fails, is not there, or wants a person says so', async () => {
  const answer = (user: object) =>
    apiServer((response) => json(response, 200, named('x')), { user: { exec: { ...exec, ...user } } });
  await using failing = await answer({});
  plugin(failing.folder, 'echo "log in first" >&2; exit 3');
  const failed = await failing.cluster.get(kinds.Service, 'x');
  assert(isFailure(failed) && failed.code === 'not-authenticated');
  assert.equal(failed.found, 'log in first');

  await using missing = await answer({ command: 'no-such-plugin', installHint: 'get it at the store' });
  const absent = await missing.cluster.get(kinds.Service, 'x');
  assert(isFailure(absent) && absent.found === 'it is not installed');
  assert.equal(absent.hint, 'get it at the store');

  await using asking = await answer({ interactiveMode: 'Always' });
  const person = await asking.cluster.get(kinds.Service, 'x');
  assert(isFailure(person) && /wants to ask a person/.test(person.message));
  assert.equal(asking.asked.length, 0);
});

test('a token file is read again after a refusal; basic authentication and impersonation are told', async () => {
  await using server = await apiServer(
    (response, { headers }) => {
      if (headers.authorization === 'Bearer new') return json(response, 200, named('x'));
      json(response, 401, { message: 'Unauthorized' });
    },
    { user: { tokenFile: 'token', token: 'never', as: 'jane', 'as-groups': ['team'] } },
  );
  writeFileSync(join(server.folder, 'token'), 'old\n');
  const first = await server.cluster.get(kinds.Service, 'x');
  assert(isFailure(first) && first.code === 'not-authenticated');
  assert.equal(server.asked.length, 1);
  writeFileSync(join(server.folder, 'token'), 'new\n');
  assert(!isFailure(await server.cluster.get(kinds.Service, 'x')));
  const { headers } = server.asked.at(-1) ?? {};
  assert.deepEqual([headers?.['impersonate-user'], headers?.['impersonate-group']], ['jane', 'team']);

  await using basic = await apiServer((response) => json(response, 200, named('x')), {
    user: { username: 'me', password: 'pw' },
  });
  await basic.cluster.get(kinds.Service, 'x');
  assert.equal(basic.asked[0]?.headers.authorization, `Basic ${Buffer.from('me:pw').toString('base64')}`);
});

test('what others hold is told with its name; whom the home takes over is overwritten', async () => {
  const held = {
    message: 'Apply failed',
    details: {
      causes: [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "kubectl-edit" using apps/v1',
          field: '.spec.replicas',
        },
      ],
    },
  };
  const answer = (settings: object) =>
    apiServer(
      (response, { url }) =>
        url.includes('force=true') ? json(response, 200, named('x')) : json(response, 409, held),
      { settings },
    );
  await using strict = await answer({});
  const conflict = await strict.cluster.apply(kinds.Deployment, 'x', {});
  assert(isFailure(conflict) && conflict.code === 'conflict');
  assert.equal(conflict.message, 'Deployment x was not written: kubectl-edit manages spec.replicas.');
  assert.equal(strict.asked.length, 1);
  await using taking = await answer({ take_over: ['kubectl-edit'] });
  assert(!isFailure(await taking.cluster.apply(kinds.Deployment, 'x', {})));
});

test('what is there already is not created, what is gone is not removed or patched', async () => {
  await using server = await apiServer((response, { method }) =>
    json(response, method === 'POST' ? 409 : 404, {
      reason: method === 'POST' ? 'AlreadyExists' : 'NotFound',
      message: 'so it is',
      details: { name: 'x' },
    }),
  );
  assert.equal(await server.cluster.create(others.Job, named('x')), undefined);
  assert.equal(await server.cluster.remove(others.Job, 'x'), undefined);
  assert.equal(await server.cluster.patch(kinds.CronJob, 'x', { spec: {} }), undefined);
  assert.equal(await server.cluster.get(kinds.CronJob, 'x'), undefined);
  assert.equal(server.asked[1]?.body, '{"propagationPolicy":"Background"}');
  assert.equal(server.asked[2]?.headers['content-type'], 'application/merge-patch+json');
});
