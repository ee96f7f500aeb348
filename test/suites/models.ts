import fc from 'fast-check';
import type { App, Cron, Env, HealthCheck, Job, Resources, Route, Service } from '../../src/model/app.ts';

const needed = ['name', 'image', 'env', 'resources'] as const;

/** Models as compile gives them, for properties that hold for every platform. */
export const models: fc.Arbitrary<App> = fc
  .record(
    {
      name: name(),
      version: fc.constantFrom('1.0.0', '1.0.1', '2.0.0-rc.1'),
      environment: fc.constantFrom('test1', 'prod'),
      stage: fc.constantFrom('test', 'prod'),
      services: fc.uniqueArray(service(), { maxLength: 3, selector: ({ name: own }) => own }),
      jobs: fc.array(job(), { maxLength: 1 }),
      crons: fc.uniqueArray(cron(), { maxLength: 3, selector: ({ name: own }) => own }),
      routes: fc.uniqueArray(route(), { maxLength: 3, selector: (own) => JSON.stringify(own) }),
      uses: fc.uniqueArray(fc.constantFrom('account', 'document'), { maxLength: 2 }),
      schema: fc.constantFrom('1.0.0', '7'),
    },
    {
      requiredKeys: [
        'name',
        'version',
        'environment',
        'stage',
        'services',
        'jobs',
        'crons',
        'routes',
        'uses',
      ],
      noNullPrototype: true,
    },
  )
  .map(tidy);

/** The first service bears the app's name; routes need a service to lead to. */
function tidy(drawn: Omit<App, 'kind'>): App {
  const [first, ...others] = drawn.services;
  const services = first
    ? [{ ...first, name: drawn.name }, ...others.filter((own) => own.name !== drawn.name)]
    : [];
  return { kind: 'App', ...drawn, services, routes: first ? drawn.routes : [] };
}

function name(): fc.Arbitrary<string> {
  return fc.constantFrom('hcn', 'account', 'document-store', 'a1');
}

function workload() {
  return {
    image: fc.constantFrom('anna-repo/hcn:1.0.0', 'registry:5000/account:2', 'plain'),
    command: fc.constantFrom('python /app/hcn/main.py', 'exec node "main.js" --n=1', `echo 'a b' > $X`),
    env: env(),
    resources: resources(),
  };
}

function service(): fc.Arbitrary<Service> {
  return fc
    .record(
      {
        name: fc.constantFrom('hcn', 'worker', 'web'),
        ...workload(),
        instances: fc.integer({ min: 0, max: 5 }),
        port: fc.constantFrom(8080, 80),
        health: health(),
        rollout: fc.record(
          {
            minHealthy: fc.constantFrom(0, 0.5, 1),
            maxOver: fc.constantFrom(0.25, 1),
            deadlineMs: fc.constantFrom(300_000, 1_500),
          },
          { noNullPrototype: true },
        ),
        killGraceMs: fc.constantFrom(3_000, 10_000, 2_500, 300),
      },
      { requiredKeys: [...needed, 'instances', 'rollout', 'killGraceMs'], noNullPrototype: true },
    )
    .map((own) => ({ kind: 'Service', ...own }));
}

function job(): fc.Arbitrary<Job> {
  return fc
    .record(
      {
        name: fc.constantFrom('migrate', 'seed'),
        ...workload(),
        purpose: fc.constantFrom('migrate', 'unmigrate', 'task'),
        timeoutMs: fc.constant(60_000),
      },
      { requiredKeys: [...needed, 'purpose', 'timeoutMs'], noNullPrototype: true },
    )
    .map((own) => ({ kind: 'Job', ...own }));
}

function cron(): fc.Arbitrary<Cron> {
  return fc
    .record(
      {
        name: fc.constantFrom('ACCOUNT_SYNC_CUSTOMERS_TO_XXX', 'sync-customers', 'nightly job'),
        ...workload(),
        schedule: fc.constantFrom(
          { iso: 'R//PT30M' },
          { iso: 'R5/2026-01-01T00:00:00Z/P1D', timezone: 'Europe/Berlin' },
          { cron: '*/15 * * * *' },
          { cron: '30 4 * * 1', timezone: 'Europe/Moscow' },
          { iso: 'R//PT30M', cron: '30 0/1 * * *' },
        ),
        concurrent: fc.boolean(),
        retries: fc.integer({ min: 0, max: 3 }),
      },
      { requiredKeys: [...needed, 'schedule', 'concurrent', 'retries'], noNullPrototype: true },
    )
    .map((own) => ({ kind: 'Cron', ...own }));
}

function route(): fc.Arbitrary<Route> {
  return fc
    .record(
      {
        host: fc.constantFrom('hcn.test1.anna.money', 'b.anna.money'),
        path: fc.constantFrom('/', '/api', '/v2/x'),
        ignoreCase: fc.boolean(),
        audience: fc.constantFrom('external', 'internal'),
        whitelist: fc.boolean(),
      },
      { requiredKeys: ['path', 'ignoreCase', 'audience'], noNullPrototype: true },
    )
    .map((own) => ({ kind: 'Route', ...own }));
}

function health(): fc.Arbitrary<HealthCheck> {
  const times = {
    intervalMs: seconds(),
    timeoutMs: seconds(),
    graceMs: seconds(),
    failures: fc.integer({ min: 1, max: 5 }),
  };
  const http = fc.record(
    { protocol: fc.constant('http' as const), path: fc.constantFrom('/health', '/'), ...times },
    { noNullPrototype: true },
  );
  const tcp = fc.record({ protocol: fc.constant('tcp' as const), ...times }, { noNullPrototype: true });
  return fc.oneof(http, tcp);
}

function seconds(): fc.Arbitrary<number> {
  return fc.constantFrom(1_000, 2_000, 30_000, 500);
}

function resources(): fc.Arbitrary<Resources> {
  return fc.record(
    {
      cpus: fc.constantFrom(0.1, 0.5, 2),
      memory: fc.constantFrom(128, 512, 33.3),
      cpuLimit: fc.constantFrom('soft', 'hard'),
    },
    { noNullPrototype: true },
  );
}

function env(): fc.Arbitrary<Env> {
  const value = fc.oneof(
    fc.constantFrom('hcn-prod', '', '{"a":1}', 'ü'),
    fc.constantFrom(
      { kind: 'Secret', ref: 'env:TOKEN' } as const,
      { kind: 'Secret', ref: 'exec:cat "a b" % c' } as const,
    ),
  );
  return fc.dictionary(fc.constantFrom('LOGSTASH_TAG', 'A', 'B_URL', 'TOKEN'), value, {
    maxKeys: 4,
    noNullPrototype: true,
  });
}
