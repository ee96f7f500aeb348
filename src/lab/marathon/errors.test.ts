import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openMarathon } from './testing.ts';

/** What a real Marathon 1.11 answered, request by request: `### METHOD PATH BODY`, the body, `[status …]`. */
const transcript = new URL('../../../test/fixtures/marathon/02-errors.txt', import.meta.url);

interface Exchange {
  readonly request: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly answer: string;
  readonly status: number;
}

function readTranscript(): readonly Exchange[] {
  const blocks = readFileSync(transcript, 'utf8').split(/^### /m).slice(1);
  return blocks.map((block) => {
    const [request = '', answer = '', status = ''] = block.split('\n');
    const [, method = '', path = '', body = ''] = /^(\S+) (\S+) ?(.*)$/.exec(request) ?? [];
    const bodyless = method === 'GET' || method === 'DELETE';
    return {
      request,
      method,
      path,
      body: bodyless ? undefined : body,
      answer,
      status: Number(/^\[(\d+)/.exec(status)?.[1]),
    };
  });
}

/** Times and ids differ from run to run. */
function comparable(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID');
}

test('every fault is answered byte for byte as by the real Marathon', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', { id: '/demo/min', cmd: 'exec sleep 1000' });
  const exchanges = readTranscript();
  assert.ok(exchanges.length > 35);
  for (const { request, method, path, body, answer, status } of exchanges) {
    const got = await marathon.call(method, path, body);
    assert.equal(got.status, status, request);
    assert.equal(comparable(got.text), comparable(answer), request);
  }
});

test('what is not in the transcript but in the facts', async (context) => {
  const marathon = await openMarathon(context);
  await marathon.deploy('POST', '/v2/apps', { id: '/demo/min', cmd: 'exec sleep 1000' });
  const app = { id: '/x', cmd: 'sleep 9' };
  const answers = async (method: string, path: string, body: unknown, status: number, message: RegExp) => {
    const got = await marathon.call(method, path, body);
    assert.equal(got.status, status, `${method} ${path} ${JSON.stringify(body)}: ${got.text}`);
    assert.match(got.text, message);
  };
  await answers('POST', '/v2/apps', { ...app, cmd: 'x' }, 422, /must not be an empty string/);
  await answers('POST', '/v2/apps', { ...app, instances: 1.5 }, 422, /error\.expected\.int/);
  await answers(
    'POST',
    '/v2/apps',
    { ...app, networks: [{ mode: 'moon' }] },
    422,
    /error\.unknown\.enum\.literal/,
  );
  await answers(
    'POST',
    '/v2/apps',
    { ...app, portDefinitions: [{ port: 70_000 }] },
    422,
    /"\/portDefinitions\(0\)\/port","errors":\["error\.max"\]/,
  );
  await answers(
    'POST',
    '/v2/apps',
    { ...app, portDefinitions: [{ name: 'a' }, { name: 'a' }] },
    422,
    /Port names must be unique\./,
  );
  await answers(
    'POST',
    '/v2/apps',
    { ...app, readinessChecks: [{ portName: 'default', intervalSeconds: 5 }] },
    422,
    /timeoutSeconds/,
  );
  const single = { ...app, labels: { MARATHON_SINGLE_INSTANCE_APP: 'true' } };
  await answers('POST', '/v2/apps', single, 422, /upgradeStrategy/);
  await answers(
    'POST',
    '/v2/apps',
    { ...single, instances: 2 },
    422,
    /Single instance app may only have one instance/,
  );
  await answers('PATCH', '/v2/apps/nope', app, 404, /App '\/nope' does not exist/);
  await answers(
    'PUT',
    '/v2/apps/demo/min',
    { cmd: null, args: ['sleep', '9'] },
    422,
    /one of 'cmd' or 'args'/,
  );
  await answers('PUT', '/v2/apps', [{ cmd: 'sleep 1' }], 422, /'id' is undefined on object/);
  await answers('PUT', '/v2/apps', {}, 422, /error\.expected\.jsarray/);
  await answers('GET', '/v2/apps?label=a%20in%20(', undefined, 422, /Can not parse label selector/);
  await answers('DELETE', '/v2/apps/nope/tasks', undefined, 404, /App '\/nope' does not exist/);
  await answers('DELETE', '/v2/apps/demo/min/tasks?scale=true&wipe=true', undefined, 400, /scale and wipe/);
  await answers(
    'DELETE',
    '/v2/apps/demo/min/tasks/demo_min.instance-x._app.1',
    undefined,
    404,
    /does not exist/,
  );
  await answers('GET', '/v2/groups/nope', undefined, 404, /Group '\/nope' does not exist/);
  await answers('DELETE', '/v2/groups/nope', undefined, 404, /Group '\/nope' does not exist/);
  await answers('POST', '/v2/groups', { id: '/demo' }, 409, /Group \/demo is already created\. Use PUT/);
  await answers(
    'POST',
    '/v2/groups',
    { id: '/demo/min' },
    409,
    /An app with the path \/demo\/min already exists/,
  );
  await answers('PUT', '/v2/tasks', {}, 405, /Method Not Allowed/);
});

test('what the lab cannot do is refused, not ignored', async (context) => {
  const marathon = await openMarathon(context);
  const volumes = [{ containerPath: '/data', hostPath: '/tmp', mode: 'RW' }];
  for (const more of [
    { container: { type: 'DOCKER', docker: { image: 'a' }, volumes } },
    { fetch: [{ uri: 'http://example.org/a.tgz' }] },
    { uris: ['http://example.org/a.tgz'] },
    { gpus: 1 },
    { secrets: { s: { source: '/s' } }, env: { S: { secret: 's' } } },
    { user: 'nobody-else' },
    { instances: 1001 },
    { executor: '/opt/mine' },
    { residency: { taskLostBehavior: 'WAIT_FOREVER' } },
    { ipAddress: {} },
    { healthChecks: [{ protocol: 'COMMAND', command: { value: 'true' } }] },
  ]) {
    const got = await marathon.call('POST', '/v2/apps', { id: '/x', cmd: 'sleep 9', ...more });
    assert.equal(got.status, 422, JSON.stringify(more));
    assert.match(got.text, /not supported by the embedded Marathon/);
  }
  const pods = await marathon.call('PUT', '/v2/groups/g', { pods: [{ id: '/p' }] });
  assert.equal(pods.status, 422);
  const version = await marathon.call('PUT', '/v2/groups/g', { version: '2026-01-01T00:00:00.000Z' });
  assert.equal(version.status, 422);
});

test('an Accept that is not JSON is 406, a body that is not JSON 415, a stream without asking for one 405', async (context) => {
  const marathon = await openMarathon(context);
  const plain = await marathon.call('GET', '/v2/tasks', undefined, { Accept: 'text/plain' });
  assert.deepEqual([plain.status, plain.text], [406, '{"message":"Not Acceptable"}']);
  const form = await marathon.call('POST', '/v2/apps', '{}', {
    'Content-Type': 'application/x-www-form-urlencoded',
  });
  assert.equal(form.status, 415);
  const events = await marathon.call('GET', '/v2/events');
  assert.equal(events.status, 405);
  assert.match(events.headers.get('content-type') ?? '', /^text\/html/);
});

test('a body over 1 MiB is turned away', async (context) => {
  const marathon = await openMarathon(context);
  const got = await marathon.call('POST', '/v2/apps', { id: '/x', cmd: 'x'.repeat(1024 * 1024) });
  assert.equal(got.status, 413);
});

test('an id that came in a path is checked as well', async (context) => {
  const marathon = await openMarathon(context);
  for (const path of ['/v2/apps/UPPER', '/v2/apps/x%20y', '/v2/apps/-x', '/v2/groups/UPPER']) {
    const got = await marathon.call('PUT', path, path.includes('groups') ? {} : { cmd: 'sleep 9' });
    assert.equal(got.status, 422, path);
    assert.match(got.text, /must fully match regular expression/);
  }
});

test('apps that depend on each other in a circle are refused', async (context) => {
  const marathon = await openMarathon(context);
  const got = await marathon.call('PUT', '/v2/apps', [
    { id: '/a', cmd: 'sleep 9', dependencies: ['/b'] },
    { id: '/b', cmd: 'sleep 9', dependencies: ['/a'] },
  ]);
  assert.equal(got.status, 422);
  assert.match(got.text, /Dependency graph has cyclic dependencies\./);
});
