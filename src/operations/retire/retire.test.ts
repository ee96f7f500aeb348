import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { memoryEdge, memoryPlatform } from '../../../test/support/memory.ts';
import { must, writeFiles } from '../../../test/support/workspace.ts';
import type { HomeStats } from '../../edges/edge.ts';
import { realHost } from '../../host/real.ts';
import { openWorkspace } from '../../manifest/open.ts';
import { isFailure } from '../../model/failure.ts';
import type { CronRun } from '../../platforms/platform.ts';
import { journalEngine } from '../../process/journal-engine.ts';
import { rules } from '../../rules/index.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import { operationsOn } from '../all.ts';
import type { RetireForecast, RetireRequest } from '../retirements.ts';
import { wire } from '../wire.ts';

const never = new AbortController().signal;
const hour = 3_600_000;

/** Homes `a`, which is left, and `b`; `api` uses `account`. Both homes have names of their own. */
function open(t: TestContext) {
  const { platform, home } = memoryPlatform();
  const { type: edge, shares } = memoryEdge();
  const figures = { requests: 0, inFlight: 0, websockets: 0, other: 100 };
  const state = { armed: false, runs: [] as CronRun[], later: 0 };
  const root = writeFiles(t, {
    'rehome.yaml': `conventions: {image: "{app}:{version}"}
environments:
  test1:
    homes:
      # where everything began
      a: {platform: memory}   # old
      # where everything goes
      b: {platform: memory}
    edge: {type: memory}
`,
    'services/api.yml': 'application: {app_name: api, uses: [account], test1: {}}\n',
    'services/account.yml': 'application: {app_name: account, env: {TOKEN: "env:TOKEN"}, test1: {}}\n',
    'sync.sh': 'rehome sync -e test1.b -t test1.a\n',
  });
  const told = {
    ...platform,
    connect: (settings: unknown, context: Parameters<typeof platform.connect>[1]) => {
      const live = platform.connect(settings, context);
      const residents = async () => {
        const found = await live.inventory();
        if (isFailure(found)) return found;
        return found.map((one) => ({ ...one, armed: context.home === 'a' && state.armed }));
      };
      return { ...live, inventory: residents, runsSince: async () => state.runs };
    },
  };
  const counting = {
    ...edge,
    connect: (settings: unknown, context: Parameters<typeof edge.connect>[1]) => ({
      ...edge.connect(settings, context),
      stats: async (app: string) => {
        const homes = Object.keys(shares.get(app) ?? {});
        return homes.map((one): HomeStats => {
          const { requests, inFlight, websockets, other } = figures;
          const own = { requests, inFlight, websockets };
          const counts = one === 'a' ? own : { requests: other, inFlight: 0, websockets: 0 };
          return { home: one, backends: 1, errors: 0, overflow: 0, latencies: [], ...counts };
        });
      },
    }),
  };
  const plugins = { platforms: [told], edges: [counting], features: [], notifiers: [] };
  const workspace = must(openWorkspace(root, plugins));
  const real = realHost();
  const host = { ...real, clock: { ...real.clock, now: () => Date.now() + state.later } };
  const store = must(openSqliteStore(join(root, 'state.db'), { now: host.clock.now, alive: () => false }));
  t.after(() => store.close());
  const hands = {
    workspace,
    host,
    store,
    reveal: ({ ref }: { readonly ref: string }) => (ref === 'env:TOKEN' ? 's3cret' : ''),
    mask: (text: string) => text,
    print: () => {},
    holder: 'anna@here',
    owner: { hostname: 'here', pid: 1, processStart: '1' },
    self: [],
  };
  const lists = { platforms: [told], edges: [counting], features: [], notifiers: [], rules };
  const operations = operationsOn(wire(hands, { ...lists, engine: journalEngine }));

  async function deploy(text: string, where: string): Promise<void> {
    const [app = '', version = ''] = text.split(':');
    const request = { app, version, where, skip: [], lockWaitMs: 0, detach: false };
    const result = must(await operations.deploy(request, () => {}, never));
    assert.equal(result.status, 'done', JSON.stringify(result, null, 1));
  }

  /** Everything of an app is in b, and a is dark. */
  async function movedToB(app: string): Promise<void> {
    const homes = ['a', 'b'].map((name) => ({
      home: name,
      share: name === 'b' ? 100 : 0,
      duty: name === 'b',
      phase: 'settled',
    }));
    must(await store.saveResidence({ app, environment: 'test1', homes }));
    shares.set(app, { a: 0, b: 100 });
  }

  const request = (app: string, more: Partial<RetireRequest> = {}): RetireRequest => ({
    ...{ app, where: 'test1', from: 'a', wait: false, lockWaitMs: 0 },
    ...more,
  });
  return {
    ...{ operations, store, home, shares, figures, state, root, deploy, movedToB, request },
    retire: async (app: string, more: Partial<RetireRequest> = {}) =>
      must(await operations.retire(request(app, more), () => {}, never)),
  };
}

async function both(t: TestContext) {
  const bench = open(t);
  await bench.deploy('account:1', 'test1.a');
  await bench.deploy('account:1', 'test1.b');
  await bench.movedToB('account');
  return bench;
}

function unmet({ conditions }: Pick<RetireForecast, 'conditions'>) {
  return conditions.filter(({ met }) => !met).map(({ name, found }) => `${name}: ${found}`);
}

test('an app is retired after no request came for the set time; the first look counts, and need not wait', async (t) => {
  const { retire, state, home, store, shares, operations, request } = await both(t);
  const first = await retire('account');
  assert.deepEqual(unmet(first), [
    'requests: its requests are counted from now on; 60 min without one are wanted',
  ]);
  assert.equal(first.deployment, undefined);
  assert.ok(Date.parse(first.retireAt ?? '') > Date.now() + hour - 60_000);
  state.later = hour + 1;
  const plan = must(await operations.planRetire(request('account')));
  assert.deepEqual(
    plan.plan.apps[0]?.changes.map(({ action, object }) => `${action} ${object}`),
    ['delete service account'],
  );
  const second = await retire('account');
  assert.deepEqual(unmet(second), []);
  assert.equal(second.deployment?.status, 'done', JSON.stringify(second.deployment, null, 1));
  assert.deepEqual([...home('a').objects.keys()], []);
  assert.ok(home('b').objects.has('service account'));
  const left = must(await store.residence('account', 'test1'));
  assert.deepEqual(
    left?.homes.map((one) => [one.home, one.share, one.duty]),
    [['b', 100, true]],
  );
  assert.deepEqual(shares.get('account'), { b: 100 });
  assert.deepEqual(must(await operations.locks()), []);
  const again = await operations.retire(request('account'), () => {}, never);
  assert.ok(isFailure(again) && again.code === 'unknown-home');
});

test('each condition keeps an app where it is, in a sentence of its own', async (t) => {
  const { retire, figures, state, store, shares, home, operations, movedToB, deploy } = await both(t);
  const keeps = async (proofMs = 0) => unmet(await retire('account', { proofMs }));

  must(await store.saveResidence(residence(30, true)));
  assert.deepEqual(await keeps(), ['share: it has 30 % of the traffic', 'duty: it is on duty']);
  await movedToB('account');
  shares.set('account', { a: 5, b: 95 });
  assert.deepEqual(await keeps(), ['share: the edge sends it 5 % of the traffic']);
  await movedToB('account');

  state.armed = true;
  assert.deepEqual(await keeps(), ['armed: crons are armed there']);
  state.armed = false;
  state.runs = [{ cron: 'nightly', startedAt: 1 }];
  assert.deepEqual(await keeps(), ['runs: nightly still runs']);
  state.runs = [{ cron: 'nightly', startedAt: 1, endedAt: 2, ok: true }];

  figures.inFlight = 2;
  figures.websockets = 1;
  assert.deepEqual(await keeps(), [
    'requests: requests are open there: 2 in flight, 1 websockets or event streams',
  ]);
  Object.assign(figures, { inFlight: 0, websockets: 0 });
  await retire('account', { proofMs: hour });
  figures.requests = 3;
  assert.match((await keeps(hour))[0] ?? '', /^requests: 3 requests came since /);
  figures.other = 1;
  assert.match((await keeps(hour))[0] ?? '', /the edge was started anew/);

  home('a').endpoints = [{ id: 'one', host: '10.0.0.5', port: 31002 }];
  await deploy('api:1', 'test1.b');
  setEnv(home('b').objects, 'http://10.0.0.5:31002/x');
  assert.deepEqual(await keeps(), [
    'callers: api in b has 10.0.0.5:31002 in its env (PEER), an instance there',
  ]);
  setEnv(home('b').objects, 'http://10.0.0.5:310021');
  assert.deepEqual(await keeps(), []);
  assert.deepEqual(must(await operations.locks()), []);

  const move = { id: 'm1', app: 'account', environment: 'test1', from: 'a', to: 'b', shares: {} };
  await deploy('account:1', 'test1.a');
  await movedToB('account');
  const begun = await store.beginMove({ ...move, plan: {} as never, holder: 'anna@here' });
  assert.ok(!isFailure(begun));
  assert.deepEqual(await keeps(), ['move: move m1 to b is in its phase arrive']);

  function residence(share: number, duty: boolean) {
    const homes = [
      { home: 'a', share, duty, phase: 'settled' },
      { home: 'b', share: 100 - share, duty: !duty, phase: 'settled' },
    ];
    return { app: 'account', environment: 'test1', homes };
  }
});

type Objects = Map<string, { readonly kind: string; readonly id: string; readonly body: object }>;

/** Somebody wrote an address into the env of an app. */
function setEnv(objects: unknown, value: string): void {
  const all = objects as Objects;
  const api = all.get('service api') ?? assert.fail('no api');
  const { service } = api.body as { readonly service: { readonly env: object } };
  all.set('service api', {
    ...api,
    body: { ...api.body, service: { ...service, env: { ...service.env, PEER: value } } },
  });
}

test('where others of the home call it by its name, the name stays and leads to the edge', async (t) => {
  const { retire, deploy, home, movedToB } = await both(t);
  await deploy('api:1', 'test1.a');
  await deploy('account:2', 'test1');
  await movedToB('account');
  const { deployment } = await retire('account', { proofMs: 0 });
  assert.equal(deployment?.status, 'done');
  assert.deepEqual([...home('a').objects.keys()].sort(), ['address account', 'service api']);
  const removed = deployment?.steps.find(({ name }) => name === 'remove')?.message;
  assert.equal(removed, '1 object removed; api there reach it at the edge');
});

test('what was retired is kept without secrets, and comes back as it was, dark', async (t) => {
  const { retire, operations, store, home, root, shares } = await both(t);
  const before = JSON.stringify(home('a').objects.get('service account')?.body);
  await retire('account', { proofMs: 0 });
  const [snapshot] = must(await store.snapshots({ app: 'account' }));
  assert.equal(snapshot?.model?.version, '1');
  assert.equal(snapshot?.manifest?.text, readFileSync(join(root, 'services/account.yml'), 'utf8'));
  assert.ok(!JSON.stringify(snapshot).includes('s3cret'));

  const request = { app: 'account', where: 'test1', lockWaitMs: 0 };
  const plan = must(await operations.planBringBack(request));
  assert.equal(plan.environment, 'test1.a');
  const back = must(await operations.bringBack(request, () => {}, never));
  assert.deepEqual([back.exact, back.deployment.status, back.snapshot], [true, 'done', snapshot?.id]);
  assert.equal(JSON.stringify(home('a').objects.get('service account')?.body), before);
  const homes = must(await store.residence('account', 'test1'))?.homes.toSorted((a, b) =>
    a.home < b.home ? -1 : 1,
  );
  assert.deepEqual(
    homes?.map((one) => [one.home, one.share, one.duty]),
    [
      ['a', 0, false],
      ['b', 100, true],
    ],
  );
  assert.equal(shares.get('account')?.['b'], 100);
  const none = await operations.bringBack(request, () => {}, never);
  assert.ok(
    isFailure(none) && none.code === 'nothing-to-bring-back' && /it lives in a/.test(none.found ?? ''),
  );
});

test('an app that went on elsewhere comes back in its version of today, and says so', async (t) => {
  const { retire, operations, deploy, home } = await both(t);
  await retire('account', { proofMs: 0 });
  await deploy('account:2', 'test1');
  const request = { app: 'account', where: 'test1', from: 'a', lockWaitMs: 0 };
  const back = must(await operations.bringBack(request, () => {}, never));
  assert.deepEqual([back.exact, back.why], [false, '1 was retired, and 2 runs by now']);
  assert.equal(home('a').objects.get('service account')?.remarks?.['version'], '2');
});

test('a rollback after a retirement goes to a release, not to nothing', async (t) => {
  const { retire, operations, deploy, home } = await both(t);
  await deploy('account:2', 'test1');
  await retire('account', { proofMs: 0 });
  const request = { app: 'account', where: 'test1', withMigration: false, lockWaitMs: 0 };
  const back = must(await operations.rollback(request, () => {}, never));
  assert.deepEqual([back.status, back.version], ['done', '1']);
  assert.equal(home('b').objects.get('service account')?.remarks?.['version'], '1');
});

test('one that failed on its way is finished by the next, and its snapshot stays whole', async (t) => {
  const { retire, store, home, operations } = await both(t);
  home('a').heard = () => {
    home('a').silent = true;
  };
  const failed = await retire('account', { proofMs: 0 });
  assert.equal(failed.deployment?.status, 'failed');
  home('a').silent = false;
  home('a').heard = () => {};
  const again = await retire('account', { proofMs: 2 * hour });
  assert.equal(again.deployment?.status, 'done', JSON.stringify(again, null, 1));
  const all = must(await store.snapshots({ app: 'account' }));
  assert.deepEqual([all.length, all[0]?.model?.version], [1, '1']);
  const request = { app: 'account', where: 'test1', lockWaitMs: 0 };
  assert.equal(must(await operations.bringBack(request, () => {}, never)).exact, true);
});

test('a home that the last app has left is cut out of rehome.yaml, comments and all else stay', async (t) => {
  const { retire, operations, deploy, movedToB, home, root } = await both(t);
  await deploy('api:1', 'test1.a');
  await deploy('api:1', 'test1.b');
  await movedToB('api');
  const request = { where: 'test1.a', gone: false };
  const early = must(await operations.planCutOut(request));
  assert.deepEqual(early.keeps, [
    'account is registered there: rehome retire account -e test1 --from a',
    'api is registered there: rehome retire api -e test1 --from a',
    'account runs there',
    'api runs there',
  ]);
  const refused = await operations.cutOut(request);
  assert.ok(isFailure(refused) && refused.code === 'still-needed');

  await retire('account', { proofMs: 0 });
  await retire('api', { proofMs: 0 });
  assert.deepEqual([...home('a').objects.keys()], ['address account'], 'nobody calls it there any more');
  const plan = must(await operations.planCutOut(request));
  assert.deepEqual([plan.keeps, plan.leftovers], [[], ['address account']]);
  assert.deepEqual(
    plan.references.map(({ file, line }) => `${file}:${line}`),
    ['rehome.yaml:6', 'sync.sh:1'],
  );
  assert.equal(
    plan.patch,
    `--- a/rehome.yaml
+++ b/rehome.yaml
@@ -3,7 +3,6 @@
   test1:
     homes:
       # where everything began
-      a: {platform: memory}   # old
       # where everything goes
       b: {platform: memory}
     edge: {type: memory}
`,
  );
  const before = readFileSync(join(root, 'rehome.yaml'), 'utf8');
  must(await operations.cutOut(request));
  assert.deepEqual([...home('a').objects.keys()], []);
  const after = readFileSync(join(root, 'rehome.yaml'), 'utf8');
  assert.equal(after, before.replace('      a: {platform: memory}   # old\n', ''));
});
