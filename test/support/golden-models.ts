import type { App, Cron, Service } from '../../src/model/app.ts';

/** The seed's hcn in prod, and two apps that use everything a model can say. */
export const goldenModels: Readonly<Record<string, App>> = {
  hcn: app('hcn', '1.0.0', [service('hcn', '1.0.0')]),
  account: {
    ...app('account', '2.1.0', [service('account', '2.1.0')]),
    uses: ['document'],
    schema: '2.1.0',
    jobs: [
      {
        kind: 'Job',
        name: 'account-migrate',
        purpose: 'migrate',
        ...workload('account', '2.1.0', 'python /app/account/migrate.py'),
        timeoutMs: 600_000,
      },
    ],
    crons: [
      cron(
        'ACCOUNT_SYNC_CUSTOMERS_TO_XXX',
        { iso: 'R//PT30M', cron: '30 0/1 * * *' },
        'python /app/account/sync.py',
      ),
      cron(
        'ONE_ANOTHER_BATCH_TASK',
        { cron: '15 4 * * MON', timezone: 'Europe/Moscow' },
        'python /app/account/oabt.py',
      ),
      cron('OFFICE_HOURS', { cron: '0 9-17 * * *' }, 'python /app/account/office.py'),
    ],
    routes: [
      {
        kind: 'Route',
        host: 'account.prod.anna.money',
        path: '/api',
        ignoreCase: true,
        audience: 'external',
        whitelist: false,
      },
    ],
  },
  document: app('document', '0.9.1', [
    {
      ...service('document', '0.9.1'),
      env: {
        LOGSTASH_TAG: 'document-prod',
        DB_PASSWORD: { kind: 'Secret', ref: 'env:DOCUMENT_DB_PASSWORD' },
      },
      resources: { cpus: 1.5, memory: 1024, cpuLimit: 'hard' },
      health: {
        protocol: 'http',
        path: '/health',
        intervalMs: 2_000,
        timeoutMs: 1_500,
        failures: 3,
        graceMs: 30_000,
      },
      rollout: { minHealthy: 0.5, maxOver: 0.25, deadlineMs: 120_000 },
      killGraceMs: 30_000,
    },
    {
      ...withoutPort(service('worker', '0.9.1')),
      image: 'anna-repo/document:0.9.1',
      command: 'python /app/document/worker.py',
    },
  ]),
};

function app(name: string, version: string, services: readonly Service[]): App {
  return {
    kind: 'App',
    name,
    version,
    environment: 'prod',
    stage: 'prod',
    services,
    jobs: [],
    crons: [],
    routes: [],
    uses: [],
  };
}

function service(name: string, version: string): Service {
  return {
    kind: 'Service',
    name,
    ...workload(name, version, `python /app/${name}/main.py`),
    instances: 4,
    port: 8080,
    rollout: { minHealthy: 1, maxOver: 1, deadlineMs: 300_000 },
    killGraceMs: 10_000,
  };
}

function withoutPort({ port: _, ...rest }: Service): Service {
  return rest;
}

function cron(name: string, schedule: Cron['schedule'], command: string): Cron {
  return {
    kind: 'Cron',
    name,
    ...workload('account', '2.1.0', command),
    schedule,
    concurrent: false,
    retries: 2,
  };
}

function workload(name: string, version: string, command: string) {
  return {
    image: `anna-repo/${name}:${version}`,
    command,
    env: { LOGSTASH_TAG: `${name}-prod` },
    resources: { cpus: 0.5, memory: 512, cpuLimit: 'soft' },
  } as const;
}
