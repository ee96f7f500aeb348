import type { App, Cron, Service } from '../../src/model/app.ts';
import type { Target } from '../../src/platforms/platform.ts';

/** The seed's hcn in prod, two apps that use everything a model can say, and one of odd texts and names. */
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
  Odd_App: {
    ...app('Odd_App', '1.0.0+build.7', [
      {
        ...service('Odd_App', '1.0.0'),
        image: 'anna-repo/odd:1.0.0',
        command: 'echo $(date) $HOME "$$" && exec ./serve --port $PORT',
        env: {
          EMPTY: '',
          PORT: '9090',
          PRICE: '$(COST) is $$5, not $5',
          TOKEN: { kind: 'Secret', ref: 'env:TOKEN' },
          OF_THE_CLUSTER: { kind: 'Secret', ref: 'kubernetes:shared/token' },
        },
        instances: 1,
        resources: { cpus: 0.25, memory: 33.3, cpuLimit: 'soft' },
        rollout: { minHealthy: 1, maxOver: 0.25, deadlineMs: 1_500 },
        killGraceMs: 2_500,
      },
    ]),
    crons: [
      {
        ...cron('sync-customers', { iso: 'R//PT45M' }, './sync'),
        env: { TOKEN: { kind: 'Secret', ref: 'file:token.txt' } },
        concurrent: true,
      },
      cron('by-the-clock', { iso: 'R/2026-01-01T09:30:00Z/PT12H', timezone: 'Europe/Berlin' }, './report'),
      cron('on-sundays', { cron: '0 8 * * 7' }, './rest'),
    ],
    routes: [
      { kind: 'Route', path: '/', ignoreCase: false, audience: 'external' },
      { kind: 'Route', host: 'odd.example.org', path: '/v2', ignoreCase: false, audience: 'internal' },
    ],
  },
};

/** What a home of one platform makes of a model, by its settings. */
export interface GoldenHome {
  readonly platform: string;
  readonly model: App;
  readonly target: Pick<Target, 'settings' | 'tls' | 'elsewhere'>;
}

const several: App = {
  ...app('account', '2.1.0', [service('account', '2.1.0')]),
  routes: ['account.prod.anna.money', 'accounts.prod.anna.money', 'old.example.org'].map((host) => ({
    kind: 'Route',
    host,
    path: host === 'old.example.org' ? '/' : '/api',
    ignoreCase: false,
    audience: 'external',
  })),
};

export const goldenHomes: Readonly<Record<string, GoldenHome>> = {
  gateway: home(several, {
    settings: { gateway: { name: 'public', namespace: 'infra', section: 'https' } },
    tls: { mode: 'per-host', issuer: 'letsencrypt' },
  }),
  'per-host': home(several, {
    settings: { ingress: { class: 'nginx', annotations: { 'example.org/timeout': '30s' } } },
    tls: { mode: 'per-host', issuer: 'letsencrypt' },
  }),
  wildcard: home(several, {
    settings: { ingress: { class: 'nginx' } },
    tls: { mode: 'wildcard', secret: 'star' },
  }),
  restricted: home(goldenModel('document'), {
    settings: { podSecurity: 'restricted', run_as: 1000, drain: 5_000, min_ready: 0 },
  }),
  'in-two-homes': home(goldenModel('account'), {
    settings: { edge: '10.20.0.7', service: 'NodePort', ingress: { class: 'nginx' } },
    elsewhere: { account: 20_001, document: 20_002 },
  }),
  neighbour: home(app('account', '', []), { settings: { edge: 'fd00::7' }, elsewhere: { account: 20_001 } }),
  'forward-term': home(goldenModel('document'), { settings: { forward_term: true } }),
  every: home(goldenModel('Odd_App'), { settings: { intervals: 'every' } }),
};

function home(model: App, target: GoldenHome['target']): GoldenHome {
  return { platform: 'kubernetes', model, target };
}

function goldenModel(name: string): App {
  const found = goldenModels[name];
  if (!found) throw new Error(`no golden model ${name}`);
  return found;
}

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
