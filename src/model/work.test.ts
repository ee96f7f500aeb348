import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { App, Service, Work } from './app.ts';
import { settle, takesWork, workersIn } from './work.ts';

const twin = { env: { RMQ_URL: 'amqp://h/a-dark' }, backing: [] };
const work = fc.record({
  consumes: fc.constantFrom('shared' as const, 'single' as const),
  instances: fc.nat({ max: 10_000 }),
  twin: fc.constantFrom(undefined, twin),
});
const workOf = (given: { consumes: Work['consumes']; instances: number; twin: typeof twin | undefined }) => ({
  consumes: given.consumes,
  instances: given.instances,
  ...(given.twin ? { twin } : {}),
});
/** Shares of one to four homes, which add up to 100, and the one on duty. */
const residence = fc
  .array(fc.nat({ max: 100 }), { minLength: 0, maxLength: 3 })
  .chain((cuts) => fc.tuple(fc.constant(sharesOf(cuts)), fc.nat({ max: cuts.length })))
  .map(([shares, onDuty]) => shares.map((share, index) => ({ share, duty: index === onDuty })));

function sharesOf(cuts: readonly number[]): number[] {
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), 100];
  return bounds.slice(1).map((bound, index) => bound - (bounds[index] ?? 0));
}

test('the workers of all homes are never fewer than wanted, and those that matter at most one a home more', () => {
  fc.assert(
    fc.property(work, residence, (given, homes) => {
      const one = workOf(given);
      const real = homes.filter((home) => takesWork(one, home)).map((home) => workersIn(one, home));
      const sum = real.reduce((all, count) => all + count, 0);
      assert.ok(sum >= given.instances, `${sum}`);
      assert.ok(sum < given.instances + Math.max(real.length, 1), `${sum}`);
    }),
  );
});

test('a greater share never means fewer workers; all of it means all of them', () => {
  fc.assert(
    fc.property(work, fc.boolean(), fc.nat({ max: 99 }), (given, duty, share) => {
      const one = workOf(given);
      assert.ok(workersIn(one, { share, duty }) <= workersIn(one, { share: share + 1, duty }));
      if (given.consumes === 'single' && !duty) return;
      assert.equal(workersIn(one, { share: 100, duty }), given.instances);
    }),
  );
});

test('a dark home runs one on the twin, or none; work for one runs on duty', () => {
  const [dark, half, duty] = [
    { share: 0, duty: false },
    { share: 50, duty: false },
    { share: 0, duty: true },
  ];
  const shared = { consumes: 'shared', instances: 5 } as const;
  const single = { consumes: 'single', instances: 5 } as const;
  const counts = (one: Parameters<typeof workersIn>[0]) => [dark, half, duty].map((at) => workersIn(one, at));
  assert.deepEqual(counts(shared), [0, 3, 0]);
  assert.deepEqual(counts({ ...shared, twin }), [1, 3, 0]);
  assert.deepEqual(counts(single), [0, 0, 5]);
  assert.deepEqual(counts({ ...single, twin }), [1, 1, 5]);
  assert.deepEqual(counts({ ...shared, instances: 0, twin }), [0, 0, 0]);
  assert.equal(workersIn({ ...shared, instances: 3 }, { share: 100 - 200 / 3, duty: false }), 1);
});

const service: Service = {
  kind: 'Service',
  name: 'a',
  image: 'a:1',
  env: { A: '1', RMQ_URL: 'amqp://h/a' },
  resources: { cpus: 1, memory: 1, cpuLimit: 'soft' },
  instances: 4,
  rollout: { minHealthy: 1, maxOver: 1, deadlineMs: 1 },
  killGraceMs: 1,
};
const plain: App = {
  kind: 'App',
  name: 'a',
  version: '1',
  environment: 'test1',
  stage: 'test',
  services: [service],
  jobs: [],
  crons: [],
  routes: [],
  uses: [],
};

test('settling forgets the residency before', () => {
  const backing = [{ kind: 'Backing', feature: 'rmq', spec: {} }] as const;
  const app: App = {
    ...plain,
    work: { consumes: 'shared', real: { RMQ_URL: 'amqp://h/a' }, twin: { ...twin, backing } },
  };
  const lit = settle(app, { share: 1, duty: false });
  const dark = settle(app, { share: 0, duty: false });
  assert.deepEqual(lit, app);
  assert.deepEqual(
    [dark.services[0]?.env, dark.services[0]?.instances, dark.backing],
    [{ A: '1', RMQ_URL: 'amqp://h/a-dark' }, 4, backing],
  );
  assert.deepEqual(settle(dark, { share: 0, duty: true }), app);
  assert.deepEqual(settle(lit, { share: 0, duty: false }), dark);
  assert.equal(settle(plain, { share: 0, duty: false }), plain);
  const bound: App = { ...plain, work: { consumes: 'shared', bound: 4, real: {} } };
  const idle = settle(bound, { share: 0, duty: false });
  assert.deepEqual([idle.services[0]?.instances, settle(idle, { share: 1, duty: false })], [0, bound]);
});
