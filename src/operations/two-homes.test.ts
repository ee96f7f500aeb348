import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { memoryEdge, memoryPlatform } from '../../test/support/memory.ts';
import { must, writeFiles } from '../../test/support/workspace.ts';
import { realHost } from '../host/real.ts';
import { openWorkspace } from '../manifest/open.ts';
import type { Deployment } from '../model/deployment.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { journalEngine } from '../process/journal-engine.ts';
import { rules } from '../rules/index.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { operationsOn } from './all.ts';
import type { Operations } from './operations.ts';
import { wire } from './wire.ts';

const never = new AbortController().signal;

/** An environment with the homes `a` (the default) and `b`; `b` has names of its own, as `a` has. */
function open(t: TestContext, conventions = '', environment = '') {
  const { platform, home } = memoryPlatform();
  const { type: edge, shares } = memoryEdge();
  const file = `conventions: {image: "{app}:{version}"${conventions}}
environments:
  test1:
    domain: test1.example.org
    homes: {a: {platform: memory}, b: {platform: memory}}
    edge: {type: memory}
${environment}`;
  const root = writeFiles(t, {
    'rehome.yaml': file,
    'services/api.yml': 'application: {app_name: api, uses: [account], test1: {}}\n',
    'services/account.yml': 'application: {app_name: account, test1: {}}\n',
  });
  const plugins = { platforms: [platform], edges: [edge], features: [], notifiers: [] };
  const workspace = must(openWorkspace(root, plugins));
  const host = realHost();
  const path = join(root, 'state.db');
  const store = must(openSqliteStore(path, { now: host.clock.now, alive: () => true }));
  t.after(() => store.close());
  const hands = {
    workspace,
    host,
    store,
    reveal: () => '',
    mask: (text: string) => text,
    print: () => {},
    holder: 'anna@here',
    owner: { hostname: 'here', pid: 1, processStart: '1' },
    self: [],
  };
  const lists = { platforms: [platform], edges: [edge], features: [], notifiers: [], rules };
  const operations = operationsOn(wire(hands, { ...lists, engine: journalEngine }));
  return { ...deploying(operations), operations, store, home, shares, port: portOf(operations) };
}

function deploying(operations: Operations) {
  const tryToDeploy = async (text: string, where: string): Promise<Deployment | Failure> => {
    const [app = '', version = ''] = text.split(':');
    const request = { app, version, where, skip: [], lockWaitMs: 0, detach: false };
    return await operations.deploy(request, () => {}, never);
  };
  const deploy = async (text: string, where: string) => {
    const result = must(await tryToDeploy(text, where));
    assert.equal(result.status, 'done', JSON.stringify(result, null, 1));
    return result;
  };
  return { deploy, tryToDeploy };
}

function portOf(operations: Operations) {
  return async (app: string) => {
    const found = must(await operations.status({})).find((one) => one.app === app);
    return Number(new URL(found?.address ?? '').port);
  };
}

function message({ steps }: Deployment, step: string): string {
  return steps.find(({ name }) => name === step)?.message ?? '';
}

test('a home knows its domain, its certificate, and the ports of apps that live elsewhere', async (t) => {
  const { deploy, operations, port, home } = open(t);
  await deploy('account:1', 'test1');
  const [rendered] = must(await operations.render({ app: 'api', version: '1' }, 'test1.b'));
  const account = rendered?.objects.find(({ id }) => id === 'account');
  assert.deepEqual([account?.kind, account?.body], ['address', { port: await port('account') }]);
  const api = rendered?.objects.find(({ id }) => id === 'api');
  assert.match(JSON.stringify(api?.body), /"ACCOUNT_URL":"http:\/\/account"/);
  assert.equal(home('a').objects.size, 1);
});

test('an app that is used and lives elsewhere gets its address: shown, made once, never undone', async (t) => {
  const { deploy, tryToDeploy, operations, home } = open(t);
  await deploy('account:1', 'test1.a');
  const { apps } = must(await operations.plan([{ app: 'api', version: '1' }], 'test1.b'));
  assert.deepEqual(
    apps[0]?.changes.map(({ action, object }) => `${action} ${object}`),
    ['create service api', 'create address account'],
  );
  const first = await deploy('api:1', 'test1.b');
  assert.match(message(first, 'check'), /^2 changes/);
  assert.match(message(first, 'ensure'), /b: the address of account$/);
  const b = home('b').objects;
  assert.deepEqual([...b.keys()], ['address account', 'service api']);
  assert.equal(b.get('address account')?.remarks?.['app'], 'account');

  const again = await deploy('api:1', 'test1.b');
  assert.deepEqual(
    [message(again, 'check'), home('b').log.filter((one) => /^apply/.test(one)).length],
    ['nothing to change', 2],
  );
  home('b').broken = '2';
  assert.equal(must(await tryToDeploy('api:2', 'test1.b')).status, 'rolled-back');
  assert.ok(b.has('address account'));
});

test('an app that moves in beside its address, and out again', async (t) => {
  const { deploy, tryToDeploy, home, store } = open(t);
  await deploy('account:1', 'test1.a');
  await deploy('api:1', 'test1.b');
  const b = home('b').objects;
  const before = b.get('address account')?.body;

  home('b').broken = '1';
  assert.equal(must(await tryToDeploy('account:1', 'test1.b')).status, 'rolled-back');
  assert.deepEqual([b.has('service account'), b.get('address account')?.body], [false, before]);
  const left = must(await store.residence('account', 'test1'));
  assert.deepEqual(
    left?.homes.map((one) => one.home),
    ['a'],
    'it did not come to live there',
  );

  home('b').broken = undefined;
  await deploy('account:1', 'test1.b');
  assert.deepEqual([b.has('service account'), b.get('address account')?.body], [true, before]);
  home('b').log.length = 0;
  await deploy('api:2', 'test1.b');
  assert.deepEqual(
    home('b').log.filter((one) => /account/.test(one)),
    [],
    'it lives here by itself',
  );
});

test('what is remembered of a neighbour may be wrong: one that lives here is left alone', async (t) => {
  const { deploy, home, store } = open(t);
  await deploy('account:1', 'test1.a');
  await deploy('account:1', 'test1.b');
  const homes = [{ home: 'a', share: 100, duty: true, phase: 'settled' }];
  await store.saveResidence({ app: 'account', environment: 'test1', homes });
  await deploy('api:1', 'test1.b');
  assert.ok(home('b').objects.has('service account'));
});

test('an app that fails where it never was leaves nothing, and its home is none', async (t) => {
  const { deploy, tryToDeploy, home, store } = open(t);
  await deploy('account:1', 'test1.a');
  home('b').broken = '1';
  assert.equal(must(await tryToDeploy('account:1', 'test1.b')).status, 'rolled-back');
  assert.deepEqual([...home('b').objects.keys()], []);
  assert.equal(must(await store.residence('account', 'test1'))?.homes.length, 1);
});

test('a dark home that does not answer stays behind with a word', async (t) => {
  const { deploy, tryToDeploy, operations, home } = open(t);
  await deploy('account:1', 'test1.a');
  await deploy('account:1', 'test1.b');
  home('b').silent = true;
  const { apps } = must(await operations.plan([{ app: 'account', version: '2' }], 'test1'));
  assert.deepEqual([...new Set(apps[0]?.changes.map((change) => change.home))], ['a']);
  const behind = apps[0]?.notes.find(({ id }) => id === 'home-behind');
  assert.match(behind?.message ?? '', /test1\.b has no share and would stay behind: .*does not answer/);
  const told = await deploy('account:2', 'test1');
  assert.match(message(told, 'check'), /2 changes to make; b has no share and stays behind: .*not answer/);
  assert.equal(home('a').objects.get('service account')?.remarks?.['version'], '2');

  const [status] = must(await operations.status({ app: 'account' }));
  assert.deepEqual(
    status?.homes.map((one) => [one.home, one.remark]),
    [
      ['a', undefined],
      ['b', 'the home does not answer'],
    ],
  );
  const alone = must(await tryToDeploy('account:2', 'test1.b'));
  assert.deepEqual([alone.status, alone.failure?.code], ['failed', 'unreachable']);
  home('b').silent = false;
  home('a').silent = true;
  const serving = must(await tryToDeploy('account:3', 'test1'));
  assert.deepEqual([serving.status, serving.failure?.code], ['failed', 'unreachable']);
});

test('a dark home that goes silent in the middle does not keep the others from going back', async (t) => {
  const { deploy, tryToDeploy, home } = open(t);
  await deploy('account:1', 'test1.a');
  await deploy('account:1', 'test1.b');
  home('a').broken = '2';
  home('b').heard = () => {
    home('b').silent = true;
  };
  const result = must(await tryToDeploy('account:2', 'test1'));
  assert.equal(result.status, 'rolled-back', JSON.stringify(result, null, 1));
  assert.match(message(result, 'rollout'), /a: back at 1.*b has no share and could not be taken back/);
});

test('homes that an app was never in are not needed, unless one may have it', async (t) => {
  const { deploy, tryToDeploy, home, shares } = open(t);
  home('b').silent = true;
  await deploy('account:1', 'test1');
  // As after a loss of the store: the edge still knows where its traffic goes.
  shares.set('api', { b: 100 });
  const unsure = await tryToDeploy('api:1', 'test1');
  assert.ok(isFailure(unsure) && unsure.code === 'unreachable');

  const guarded = open(t, '', '    protected: true\n');
  guarded.home('b').silent = true;
  const refused = await guarded.tryToDeploy('account:1', 'test1');
  assert.ok(isFailure(refused) && refused.code === 'unreachable');
});

test('a home says beforehand what it would make of it, and what it refuses', async (t) => {
  const { deploy, tryToDeploy, operations, home } = open(t, ', migration: "migrate"');
  const { apps } = must(await operations.plan([{ app: 'account', version: '1' }], 'test1'));
  assert.deepEqual(apps[0]?.changes[0]?.fields.at(-1), { path: 'filledIn', to: 'by the home' });
  home('a').refuses = 'No pods of this kind.';
  const plan = await operations.plan([{ app: 'account', version: '1' }], 'test1');
  assert.ok(isFailure(plan) && plan.code === 'refused');
  const refused = must(await tryToDeploy('account:1', 'test1'));
  assert.deepEqual([refused.status, refused.failure?.message], ['failed', 'No pods of this kind.']);
  const ran = refused.steps.filter(({ status }) => status !== 'pending').map(({ name }) => name);
  assert.deepEqual(ran, ['lock', 'check']);
  assert.equal(home('a').objects.size, 0);

  home('a').refuses = undefined;
  await deploy('account:1', 'test1');
  home('a').log.length = 0;
  await deploy('account:1', 'test1');
  assert.deepEqual(home('a').log, [], 'nothing to change, nothing to ask');
});

test('tests of a deployment to dark homes ask an instance there', async (t) => {
  const server = createServer(({ url }, response) => response.end(`b answers ${url}`));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const tests =
    ', tests: {after: [{name: who, http: /who, contains: "b answers /who"}, {name: url, command: "test $APP_URL = http://127.0.0.1:PORT"}]}';
  const { deploy, tryToDeploy, home, operations } = open(t, tests.replace('PORT', String(port)));
  home('b').endpoints = [{ id: 'one', host: '127.0.0.1', port }];
  const first = must(await tryToDeploy('account:1', 'test1.a'));
  assert.equal(first.failure?.code, 'test-failed', 'nobody listens at the stable address');
  const request = { app: 'account', version: '1', where: 'test1.a', skip: ['test:after'] };
  must(await operations.deploy({ ...request, lockWaitMs: 0, detach: false }, () => {}, never));
  const dark = await deploy('account:1', 'test1.b');
  assert.equal(message(dark, 'test:after'), '2 passed: who, url');
  home('b').endpoints = [];
  const without = must(await tryToDeploy('account:2', 'test1.b'));
  assert.match(without.failure?.message ?? '', /No instance of account in test1\.b could be asked/);
});

test('who does not get the lock registers no home', async (t) => {
  const { deploy, tryToDeploy, store } = open(t);
  await deploy('account:1', 'test1.a');
  const holder = { id: 'd0', action: 'deploy', app: 'account', version: '2', environment: 'test1' } as const;
  must(await store.begin({ ...holder, models: {}, steps: [], options: {}, holder: 'bert@there' }));
  const held = await tryToDeploy('account:1', 'test1.b');
  assert.ok(isFailure(held) && held.code === 'lock-held');
  assert.equal(must(await store.residence('account', 'test1'))?.homes.length, 1);
});

test('sync fills a dark twin, brings up what stayed behind, and needs only homes that matter', async (t) => {
  const { deploy, operations, home } = open(t);
  const sync = async (target: string, source: string) => {
    const request = { target, source, parallel: 1, lockWaitMs: 0 };
    const { deployments, failures } = must(await operations.sync(request, () => {}, never));
    assert.deepEqual(failures, {});
    return deployments.map(({ app, version }) => `${app}:${version}`);
  };
  await deploy('account:1', 'test1.a');
  await deploy('api:1', 'test1.a');
  home('b').silent = true;
  assert.deepEqual(await sync('test1', 'test1.a'), [], 'nothing of it is in b');
  home('b').silent = false;
  assert.deepEqual(await sync('test1.b', 'test1'), ['account:1', 'api:1']);
  home('b').silent = true;
  await deploy('api:2', 'test1');
  home('b').silent = false;
  assert.deepEqual(await sync('test1', 'test1.a'), ['api:2']);
  assert.deepEqual(await sync('test1', 'test1.a'), []);
});
