import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { box, homeUnderTest, must, releaseOf, until } from '../../../../test/suites/platform/under-test.ts';
import { type KubernetesHome, noCluster, startHome } from '../../../../test/support/kubernetes-home.ts';
import type { App, Service } from '../../../model/app.ts';
import type { Readiness } from '../../platform.ts';
import { kubernetes } from '../platform.ts';

const skip = noCluster();

/** What goes wrong on the way, on a real cluster: said in words, and whose fault it is. */
describe('rollouts that do not get on', { concurrency: 6, skip }, () => {
  const t = homeUnderTest({ platform: kubernetes, start: async () => (place = await startHome()) });
  let place: KubernetesHome;
  before(() => t.start());
  after(() => t.stop());

  test('a probe that never passes is told with its answer and the log, and is waited for', async () => {
    const health = { ...plainHealth, graceMs: 60_000 };
    const look = await waitFor(t, box('sick', { env: { SICK: '1' }, health }), /500/);
    assert.match(look.why, /^0 of 1 healthy; fault of the app: startup probe failed: HTTP probe .*500$/);
    assert.equal(look.done, false);
    assert.deepEqual(look.log, ['box 1.0.0 listens']);
  });

  test('what no node has room for is the fault of the cluster, and is waited for', async () => {
    const resources = { cpus: 1_000, memory: 64, cpuLimit: 'soft' } as const;
    const look = await waitFor(t, box('huge', { resources }), /no node/);
    assert.match(
      look.why,
      /^0 of 1 running; fault of the cluster: no node takes pod huge-\S+, which asks for 1k cpu, 64Mi memory: .*Insufficient cpu/,
    );
    assert.equal(look.done, false);
  });

  test('a key that a Secret does not have is told', async () => {
    const env = { TOKEN: { kind: 'Secret', ref: 'kubernetes:nobodys/KEY' } as const };
    const look = await waitFor(t, box('keyless', { env }), /nobodys/);
    assert.match(
      look.why,
      /fault of the configuration: container keyless cannot be made: secret "nobodys" not found$/,
    );
    assert.equal(look.done, false);
  });

  test('more memory than it may have: killed three times, and over', async () => {
    const command = 'exec node -e "const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))"';
    const look = await waitFor(t, { ...silent('greedy', command) }, /tasks of the new version/);
    assert.equal(look.done, true);
    assert.match(
      look.why,
      /^fault of the app: 3 tasks .* killed for taking more memory than 64Mi \(OOMKilled\)$/,
    );
  });

  test('a command that is not there is told with the runtime’s own words', async () => {
    const look = await waitFor(t, silent('typo', 'exec /no/such/program'), /it failed/);
    assert.match(look.why, /fault of the app: it failed (once|\d times), the last time: exit code 127/);
    assert(look.log?.some((line) => line.includes('/no/such/program')));
  });

  test('a crash after a while is told to whoever watches', async () => {
    const app = silent('moody', 'echo calm; sleep 5; echo rage; exit 9');
    await t.deploy(app, 'd1');
    const since = Date.now();
    const look = await lookFor(t, app, since, /exit code 9/);
    assert.equal(look.done, false);
    assert.match(look.why, /fault of the app: it failed once, the last time: exit code 9$/);
    assert.deepEqual(look.log, ['calm', 'rage']);
  });

  test('what somebody else does to the Deployment ends a rollout, with who it was', async () => {
    const app = box('meddled');
    await t.deploy(app, 'd1');
    const path = 'deployments/meddled-deployment';
    assert.equal((await place.ask('PATCH', path, { spec: { replicas: 2 } })).status, 200);
    const changed = await t.settle(app, 'd1');
    assert.equal(changed.ok, false);
    assert.equal(
      changed.why,
      'somebody (kubectl-edit) changed spec.replicas of Deployment meddled-deployment',
    );
    await place.ask('PATCH', path, { spec: { replicas: 1, paused: true } });
    await t.write(app, { deployment: 'd2' });
    const next = box('meddled', {}, { version: '1.0.1' });
    await t.write(next, { deployment: 'd3' });
    const paused = await lookFor(t, next, Date.now(), /paused/);
    assert.match(paused.why, /somebody paused the Deployment; `kubectl rollout resume`/);
    await place.ask('DELETE', path);
    const removed = await t.settle(next, 'd3');
    assert.equal(removed.why, 'somebody removed Deployment meddled-deployment');
  });

  test('failures of the version before, or of before, do not count', async () => {
    const broken = silent('mended', 'exit 4');
    await t.write(broken, { deployment: 'd1' });
    await until('it crashed twice', async () => restarts(await place.ask('GET', 'pods')) >= 2);
    const mended = { ...silent('mended', 'sleep 600'), version: '1.0.1' };
    await t.deploy(mended, 'd2');
  });

  function restarts({ body }: { readonly body: unknown }): number {
    const { items } = body as { items: { metadata: { name: string }; status: PodStatus }[] };
    const own = items.filter(({ metadata }) => metadata.name.startsWith('mended-'));
    return Math.max(0, ...own.map(({ status }) => status.containerStatuses?.[0]?.restartCount ?? 0));
  }
});

interface PodStatus {
  readonly containerStatuses?: readonly { readonly restartCount: number }[];
}

describe('namespaces that take no pod', { concurrency: 2, skip }, () => {
  test('a quota that is used up is waited for', async (context) => {
    const place = await startHome();
    context.after(() => place.stop());
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { pods: 0 } },
    };
    assert.equal((await place.ask('POST', 'resourcequotas', quota)).status, 201);
    const t = homeUnderTest({
      platform: kubernetes,
      start: async () => ({ ...place, stop: async () => {} }),
    });
    await t.start();
    const look = await waitFor(t, box('crowded'), /quota/);
    assert.equal(look.done, false);
    assert.match(
      look.why,
      /^0 of 1 running; fault of the cluster: the quota of the namespace is used up: exceeded quota: small, requested: pods=1, used: pods=0, limited: pods=0$/,
    );
  });

  test('a policy of the namespace ends the rollout at once', async (context) => {
    const place = await startHome({ labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } });
    context.after(() => place.stop());
    const t = homeUnderTest({
      platform: kubernetes,
      start: async () => ({ ...place, stop: async () => {} }),
    });
    await t.start();
    const look = await waitFor(t, box('careless'), /PodSecurity/);
    assert.equal(look.done, true);
    assert.match(
      look.why,
      /^fault of the configuration: .*violates PodSecurity "restricted:latest": .*podSecurity: restricted/,
    );
  });
});

const plainHealth = {
  protocol: 'http',
  path: '/health',
  intervalMs: 1_000,
  timeoutMs: 1_000,
  failures: 3,
} as const;

/** An app that has neither a port nor a health check. */
function silent(name: string, command: string): App {
  const { health: _, port: __, ...service } = box(name).services[0] ?? assert.fail();
  const own: Service = { ...service, command };
  return { ...box(name), services: [own] };
}

type Under = ReturnType<typeof homeUnderTest>;

/** Writes an app and looks until the reason is told. */
async function waitFor(t: Under, app: App, why: RegExp): Promise<Readiness> {
  const since = Date.now();
  await t.write(app, { deployment: 'd1' });
  return await lookFor(t, app, since, why);
}

async function lookFor(t: Under, app: App, since: number, why: RegExp): Promise<Readiness> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const look = must(await t.home().ready(app, { release: releaseOf(app, 'd1'), since }));
    if (why.test(look.why)) return look;
    assert(Date.now() < deadline, `never told: ${look.why}`);
    await t.home().changed(app.name, 500);
  }
}
