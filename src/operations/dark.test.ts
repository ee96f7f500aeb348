import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { memoryEdge, memoryPlatform } from '../../test/support/memory.ts';
import { must, writeFiles } from '../../test/support/workspace.ts';
import type { Feature } from '../features/feature.ts';
import { rmq } from '../features/rmq/index.ts';
import { realHost } from '../host/real.ts';
import { openWorkspace } from '../manifest/open.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { journalEngine } from '../process/journal-engine.ts';
import { rules } from '../rules/index.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { operationsOn } from './all.ts';
import { prepare } from './prepare.ts';
import { wire } from './wire.ts';

const never = new AbortController().signal;
const workspaceFile = `conventions: {image: "{app}:{version}"}
environments:
  test1:
    homes: {a: {platform: memory}, b: {platform: memory}}
features:
  rmq: {url: "amqp://h/{app}", management: "http://boss@h", management_password: "env:BOSS"}
`;

/** The app \`mail\` and its homes \`a\` and \`b\`; what its feature was asked to make there. */
function open(t: TestContext, more = '') {
  const asked: string[] = [];
  let answer: string | undefined | Failure;
  const feature: Feature = {
    ...(rmq as Feature),
    provision: async ({ spec }, { reveal }) => {
      asked.push(`${String(spec['url'])} as ${String(reveal(spec['password'] ?? ''))}`);
      return answer;
    },
  };
  const { platform, home } = memoryPlatform();
  const { type: edge } = memoryEdge();
  const root = writeFiles(t, {
    'rehome.yaml': workspaceFile,
    'services/mail.yml': `application: {app_name: mail, rmq: True, test1: {instances: 4}${more}}\n`,
  });
  const workspace = must(
    openWorkspace(root, { platforms: [platform], edges: [edge], features: [feature], notifiers: [] }),
  );
  const host = realHost();
  const store = must(openSqliteStore(join(root, 'state.db'), { now: host.clock.now, alive: () => true }));
  t.after(() => store.close());
  const secrets = new Map([['env:BOSS', 'secret']]);
  const hands = {
    workspace,
    host,
    store,
    reveal: ({ ref }: { ref: string }) => secrets.get(ref) ?? fail('missing-secret', `${ref} is not set.`),
    mask: (text: string) => text,
    print: () => {},
    holder: 'anna@here',
    owner: { hostname: 'here', pid: 1, processStart: '1' },
    self: [],
  };
  const lists = { platforms: [platform], edges: [edge], features: [feature], notifiers: [], rules };
  const wired = wire(hands, { ...lists, engine: journalEngine });
  const operations = operationsOn(wired);
  return {
    wired,
    operations,
    home,
    asked,
    secrets,
    says(next: string | undefined | Failure) {
      answer = next;
    },
    async deploy(text: string, where: string) {
      const [app = '', version = ''] = text.split(':');
      const request = { app, version, where, skip: [], lockWaitMs: 0, detach: false };
      return must(await operations.deploy(request, () => {}, never));
    },
    async reside(a: readonly [number, boolean], b: readonly [number, boolean]) {
      const homes = Object.entries({ a, b }).map(([name, [share, duty]]) => ({
        home: name,
        share,
        duty,
        phase: '',
      }));
      must((await store.saveResidence({ app: 'mail', environment: 'test1', homes })) ?? 'saved');
    },
    /** The URL and the instances that a home runs with. */
    runs(name: string) {
      const service = home(name).objects.get('service mail')?.body['service'] as
        | { env: Record<string, string>; instances: number }
        | undefined;
      return [service?.env['RMQ_URL'], service?.instances];
    },
  };
}

const [real, twin] = ['amqp://h/mail', 'amqp://h/mail-dark'];

test('homes are built for what is remembered, or for what is intended', async (t) => {
  const { wired, deploy, runs } = open(t);
  await deploy('mail:1', 'test1.a');
  await deploy('mail:1', 'test1.b');
  assert.deepEqual(
    [runs('a'), runs('b')],
    [
      [real, 4],
      [twin, 4],
    ],
  );
  const intended = [{ home: 'b', share: 10, duty: false, phase: 'share' }];
  const prepared = must(
    await prepare(wired, { app: 'mail', version: '1' }, 'test1', { residence: intended }),
  );
  assert.deepEqual(
    prepared.built.map(({ built }) => built.app.services[0]?.env['RMQ_URL']),
    [real, real],
  );
  assert.deepEqual(
    prepared.residence.homes.map(({ home, share }) => [home, share]),
    [
      ['a', 100],
      ['b', 0],
    ],
    'what a deployment registers is not what is intended',
  );
});

test('a rollback gives each home what its residency asks for today, not what it had then', async (t) => {
  const { deploy, operations, reside, runs } = open(t, ', worker: True');
  await deploy('mail:1', 'test1.a');
  await deploy('mail:1', 'test1.b');
  assert.deepEqual(
    [runs('a'), runs('b')],
    [
      [real, 4],
      [twin, 1],
    ],
  );
  await deploy('mail:2', 'test1');
  await reside([0, false], [100, true]);
  await deploy('mail:2', 'test1');
  const request = { app: 'mail', where: 'test1', to: '1', withMigration: false, lockWaitMs: 0 };
  const back = must(await operations.rollback(request, () => {}, never));
  assert.equal(back.status, 'done');
  assert.deepEqual(
    [runs('a'), runs('b')],
    [
      [twin, 1],
      [real, 4],
    ],
  );
});

test('who waits while a move works deploys what the homes are to have then', async (t) => {
  const { deploy, wired, reside, runs, operations } = open(t, ', consumes: single');
  await deploy('mail:1', 'test1.a');
  await deploy('mail:1', 'test1.b');
  const { store, owner, holder } = wired;
  const other = { id: 'd0', action: 'deploy', app: 'mail', version: '1', environment: 'test1' } as const;
  const claim = must(await store.begin({ ...other, models: {}, steps: [], options: {}, holder, owner }));
  const request = { app: 'mail', version: '2', where: 'test1', skip: [], lockWaitMs: 30_000, detach: false };
  const waits = Promise.withResolvers<void>();
  const result = operations.deploy(request, ({ type }) => type === 'waiting' && waits.resolve(), never);
  await waits.promise;
  await reside([0, false], [100, true]);
  must((await store.finish(claim, { status: 'done' })) ?? 'over');
  assert.equal(must(await result).status, 'done');
  assert.deepEqual(
    [runs('a'), runs('b')],
    [
      [twin, 4],
      [real, 4],
    ],
  );
});

test('what the twin has behind it is made before a dark home runs, and nowhere else', async (t) => {
  const { deploy, asked, says } = open(t);
  const ensure = async (where: string) =>
    (await deploy('mail:1', where)).steps.find(({ name }) => name === 'ensure')?.message ?? '';
  assert.match(await ensure('test1.a'), /nothing had to be made/);
  assert.deepEqual(asked, []);
  says('a vhost');
  assert.match(await ensure('test1.b'), /; b: a vhost$/);
  says(undefined);
  assert.match(await ensure('test1'), /nothing had to be made/);
  assert.deepEqual(asked, [`${twin} as secret`, `${twin} as secret`]);
});

test('a dark home whose twin cannot be made stays behind; alone it fails before anything is rolled out', async (t) => {
  const { deploy, says, secrets, runs } = open(t);
  await deploy('mail:1', 'test1.a');
  says(fail('refused', 'No vhosts today.'));
  const alone = await deploy('mail:1', 'test1.b');
  assert.deepEqual([alone.status, alone.failure?.message], ['failed', 'No vhosts today.']);
  assert.deepEqual(runs('b'), [undefined, undefined]);
  says(undefined);
  await deploy('mail:1', 'test1.b');
  says(fail('refused', 'No vhosts today.'));
  const both = await deploy('mail:2', 'test1');
  assert.equal(both.status, 'done');
  const told = both.steps.find(({ name }) => name === 'ensure')?.message ?? '';
  assert.match(told, /b has no share and stays behind: No vhosts today\./);

  secrets.clear();
  const blind = await deploy('mail:2', 'test1.b');
  assert.deepEqual([blind.status, blind.failure?.code], ['failed', 'missing-secret']);
  assert.match(blind.failure?.message ?? '', /^rmq: password: env:BOSS/);
  assert.ok(!isFailure(blind));
});
