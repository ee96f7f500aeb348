import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { models } from '../../../test/suites/models.ts';
import type { App, Cron, Service } from '../../model/app.ts';
import type { Acceptance, Difference } from '../../model/comparison.ts';
import { note } from '../../model/note.ts';
import { compare } from './compare.ts';
import type { Side } from './side.ts';

const now = Date.parse('2026-11-23T12:10:00Z');

function side(home: string, app: App, more: Partial<Side> = {}): Side {
  return {
    home,
    words: { environment: app.environment, stage: app.stage },
    app,
    notes: [],
    due: {},
    secrets: new Map(),
    callees: new Map(),
    gives: () => false,
    ...more,
  };
}

const service: Service = {
  kind: 'Service',
  name: 'hcn',
  image: 'anna-repo/hcn:1.0.0',
  command: 'python /app/hcn/main.py',
  env: { LOGSTASH_TAG: 'hcn-test' },
  resources: { cpus: 0.5, memory: 512, cpuLimit: 'soft' },
  instances: 2,
  port: 8080,
  health: {
    protocol: 'http',
    path: '/health',
    intervalMs: 1_000,
    timeoutMs: 1_000,
    failures: 3,
    graceMs: 20_000,
  },
  rollout: { minHealthy: 1, maxOver: 1, deadlineMs: 60_000 },
  killGraceMs: 10_000,
};
const cron: Cron = {
  kind: 'Cron',
  name: 'SYNC',
  image: service.image,
  command: 'python /app/hcn/sync.py',
  env: service.env,
  resources: service.resources,
  schedule: { iso: 'R//PT30M' },
  concurrent: false,
  retries: 2,
};
const hcn: App = {
  kind: 'App',
  name: 'hcn',
  version: '1.0.0',
  environment: 'test1',
  stage: 'test',
  services: [service],
  jobs: [],
  crons: [cron],
  routes: [
    {
      kind: 'Route',
      host: 'hcn.test1.anna.money',
      path: '/api',
      ignoreCase: false,
      audience: 'external',
      whitelist: false,
    },
  ],
  uses: ['account'],
};

function changed(part: Partial<Service>, app: App = hcn): App {
  return { ...app, services: [{ ...service, ...part }] };
}

function withCron(part: Partial<Cron>): App {
  return { ...hcn, crons: [{ ...cron, ...part }] };
}

function env(extra: Service['env']): App {
  const whole = { ...service.env, ...extra };
  return { ...hcn, services: [{ ...service, env: whole }], crons: [{ ...cron, env: whole }] };
}

function lines(left: Side, right: Side, accept: readonly Acceptance[] = [], edge?: string): string {
  const pair = { left, right, now, ...(edge ? { edge } : {}) };
  const { verdict, differences } = compare(pair, accept);
  const text = ({ verdict: one, path, left: l, right: r, why }: Difference) =>
    `  ${one} ${path}: ${JSON.stringify(l)} | ${JSON.stringify(r)}\n    ${why}`;
  return [verdict, ...differences.map(text)].join('\n');
}

function golden(t: TestContext, name: string, cases: Readonly<Record<string, string>>): void {
  const text = Object.entries(cases).map(([what, found]) => `# ${what}\n${found}\n`);
  const file = join(import.meta.dirname, 'golden', `${name}.txt`);
  t.assert.fileSnapshot(text.join('\n'), file, { serializers: [String] });
}

const mesos = (app: App = hcn, more: Partial<Side> = {}) => side('test1.mesos', app, more);
const k8s = (app: App = hcn, more: Partial<Side> = {}) => side('test1.k8s', app, more);

test('every aspect of a service, changed behind our back', (t) => {
  const against = (app: App) => lines(mesos(), k8s(app));
  golden(t, 'services', {
    nothing: against(structuredClone(hcn)),
    'another version': against({
      ...changed({ image: 'anna-repo/hcn:1.1.0' }),
      crons: [{ ...cron, image: 'anna-repo/hcn:1.1.0' }],
      version: '1.1.0',
    }),
    'another image': against(changed({ image: 'anna-repo/hcn:1.0.0-hotfix' })),
    'another command': against(changed({ command: 'sleep 9' })),
    memory: against(changed({ resources: { ...service.resources, memory: 256 } })),
    'memory rounded to kibibytes': against(
      changed({ resources: { ...service.resources, memory: 512.0005 } }),
    ),
    cpu: against(changed({ resources: { cpus: 1, memory: 512, cpuLimit: 'hard' } })),
    instances: against(changed({ instances: 3 })),
    'instances of a dark home': lines(
      mesos(),
      k8s(changed({ instances: 1 }), { residency: { share: 0, duty: false } }),
    ),
    'port by another number': against(changed({ port: 80 })),
    'no health check': against({ ...hcn, services: [without('health')] }),
    health: against(
      changed({ health: { protocol: 'tcp', intervalMs: 2_000, timeoutMs: 2_000, failures: 5, graceMs: 0 } }),
    ),
    'no port': against({ ...hcn, services: [without('port')] }),
    'kill grace': against(changed({ killGraceMs: 30_000 })),
    rollout: against(changed({ rollout: { minHealthy: 0.5, maxOver: 1, deadlineMs: 120_000 } })),
    'rollout of the same whole instances': against(
      changed({ rollout: { minHealthy: 0.75, maxOver: 1.2, deadlineMs: 60_000 } }),
    ),
    'a second service': against({ ...hcn, services: [service, { ...service, name: 'worker' }] }),
    'schema and uses': against({ ...hcn, schema: '7', uses: [] }),
    routes: against({
      ...hcn,
      routes: hcn.routes.map((route) => ({ ...route, path: '/', ignoreCase: true })),
    }),
    'a guarded route': against({
      ...hcn,
      routes: hcn.routes.map((route) => ({ ...route, whitelist: true })),
    }),
  });
});

function without(key: 'port' | 'health'): Service {
  const { [key]: _, ...rest } = service;
  return rest as Service;
}

test('variables: addresses, secrets, what homes give, and a twin', (t) => {
  const secret = (ref: string) => ({ kind: 'Secret', ref }) as const;
  const holds = (value: string) => ({ secrets: new Map([['env:TOKEN', [value]]]) });
  const gives = { gives: (name: string) => name === 'PORT0' || name === 'HOST' };
  const work = {
    consumes: 'shared',
    real: { RMQ_URL: 'amqp://q/hcn' },
    twin: { env: { RMQ_URL: 'amqp://q/hcn-dark' }, backing: [] },
  } as const;
  const hidden = { ...work, real: { RMQ_URL: secret('env:TOKEN') } };
  const dark = { work, residency: { share: 0, duty: false } };
  const real = env({ RMQ_URL: 'amqp://q/hcn' });
  const twin = env({ RMQ_URL: 'amqp://q/hcn-dark' });
  golden(t, 'variables', {
    'another value': lines(mesos(), k8s(env({ LOGSTASH_TAG: 'other' }))),
    'only there': lines(mesos(env({ 'odd name': '1' })), k8s()),
    'only in the service': lines(mesos(changed({ env: { ...service.env, X: '1' } })), k8s()),
    'given by the other home': lines(mesos(hcn, gives), k8s(env({ HOST: 'here' }))),
    'a command that lives on it': lines(
      mesos(changed({ command: 'serve --port $PORT0 --home $HOME' }), gives),
      k8s(changed({ command: 'serve --port $PORT0 --home $HOME' })),
    ),
    'addresses of one app': lines(
      mesos(env({ ACCOUNT_URL: 'http://127.0.0.1:21003' }), {
        callees: new Map([['http://127.0.0.1:21003', 'account']]),
      }),
      k8s(env({ ACCOUNT_URL: 'http://account' }), { callees: new Map([['http://account', 'account']]) }),
    ),
    'addresses of two apps': lines(
      mesos(env({ ACCOUNT_URL: 'http://127.0.0.1:21003' }), {
        callees: new Map([['http://127.0.0.1:21003', 'document']]),
      }),
      k8s(env({ ACCOUNT_URL: 'http://account' }), { callees: new Map([['http://account', 'account']]) }),
    ),
    'one secret': lines(
      mesos(env({ TOKEN: secret('env:TOKEN') }), holds('a')),
      k8s(env({ TOKEN: secret('env:TOKEN') }), holds('a')),
    ),
    'a secret that was changed in one home': lines(
      mesos(env({ TOKEN: secret('env:TOKEN') }), holds('s3cret')),
      k8s(env({ TOKEN: secret('env:TOKEN') }), holds('hidden')),
    ),
    'the same in the clear': lines(
      mesos(env({ TOKEN: 's3cret' })),
      k8s(env({ TOKEN: secret('env:TOKEN') }), holds('s3cret')),
    ),
    'something else in the clear': lines(
      mesos(env({ TOKEN: 'hidden' })),
      k8s(env({ TOKEN: secret('env:TOKEN') }), holds('s3cret')),
    ),
    "a secret of the home's own": lines(
      mesos(env({ TOKEN: secret('env:TOKEN') }), holds('s3cret')),
      k8s(env({ TOKEN: secret('kubernetes:shared/token') })),
    ),
    'a dark home on the twin': lines(mesos(real, { work }), k8s(twin, dark)),
    'a dark home on the twin of a secret': lines(
      mesos(env({ RMQ_URL: secret('env:RMQ') }), { secrets: new Map([['env:RMQ', ['amqp://q/hcn']]]) }),
      k8s(env({ RMQ_URL: secret('env:TWIN') }), {
        secrets: new Map([['env:TWIN', ['amqp://q/hcn-dark']]]),
        residency: { share: 0, duty: false },
        work: {
          consumes: 'shared',
          real: { RMQ_URL: secret('env:RMQ') },
          twin: { env: { RMQ_URL: secret('env:TWIN') }, backing: [] },
        },
      }),
    ),
    'a dark home on a twin in the clear of a secret': lines(
      mesos(env({ RMQ_URL: secret('env:TOKEN') }), { work: hidden, ...holds('amqp://q/hcn') }),
      k8s(twin, { ...dark, work: hidden }),
    ),
    'a home with a share on the twin': lines(
      mesos(real, { work }),
      k8s(twin, { work, residency: { share: 10, duty: false } }),
    ),
    'a dark home on the real one': lines(mesos(real, { work }), k8s(real, dark)),
    'workers by share': lines(
      mesos(changed({ instances: 4 }), { work: { ...work, instances: 4 } }),
      k8s(changed({ instances: 1 }), {
        work: { ...work, instances: 4 },
        residency: { share: 10, duty: false },
      }),
    ),
  });
});

test('secrets are never shown', () => {
  const secret = { kind: 'Secret', ref: 'env:TOKEN' } as const;
  const held = (value: string) => ({ secrets: new Map([['env:TOKEN', [value]]]) });
  const texts = [
    lines(mesos(env({ TOKEN: secret }), held('s3cret')), k8s(env({ TOKEN: secret }), held('hidden'))),
    lines(mesos(env({ TOKEN: secret }), held('s3cret')), k8s(env({ TOKEN: 'hidden' }))),
    lines(mesos(env({ TOKEN: 'hidden' })), k8s(env({ TOKEN: secret }), held('s3cret'))),
    lines(mesos(env({ TOKEN: secret }), held('s3cret')), k8s()),
  ];
  for (const text of texts) assert.doesNotMatch(text, /s3cret|hidden/);
});

test('crons are compared by when they run', (t) => {
  const due = (schedule: Cron['schedule']) => ({ due: { SYNC: schedule } });
  const between = (l: Cron['schedule'], r: Cron['schedule'], app: App = hcn) =>
    lines(mesos(app, due(l)), k8s(app, due(r)));
  const slowed = note('schedule-slowed', 'warning', 'It runs once a minute here.', {
    fidelity: 'approximate',
  });
  const often = withCron({ schedule: { iso: 'R//PT5S' } });
  golden(t, 'crons', {
    'spelled otherwise': between(
      { iso: 'R/2026-11-23T12:30:00Z/PT30M' },
      { cron: '*/30 * * * *', timezone: 'Etc/UTC' },
    ),
    'a zone without a change of clocks': between(
      { cron: '0 7 * * *', timezone: 'Europe/Moscow' },
      { cron: '0 4 * * *' },
    ),
    'the two spellings of the seed': between(
      { iso: 'R/2026-11-23T12:30:00Z/PT30M' },
      { cron: '30 0/1 * * *' },
      withCron({ schedule: { iso: 'R//PT30M', cron: '30 0/1 * * *' } }),
    ),
    'a phase that nobody asked for': between(
      { iso: 'R/2026-11-23T12:37:00Z/PT30M' },
      { cron: '*/30 * * * *' },
    ),
    'a phase that somebody asked for': between(
      { iso: 'R/2026-11-23T12:37:00Z/PT30M' },
      { cron: '*/30 * * * *' },
      withCron({ schedule: { cron: '*/30 * * * *' } }),
    ),
    'clocks that change': between({ cron: '30 9 * * *', timezone: 'Europe/London' }, { cron: '30 9 * * *' }),
    'hours are no days': between(
      { iso: 'R/2026-11-24T09:30:00Z/PT24H', timezone: 'Europe/London' },
      { cron: '30 9 * * *', timezone: 'Europe/London' },
    ),
    'one that ends': between({ iso: 'R2/2026-11-23T12:30:00Z/PT30M' }, { cron: '*/30 * * * *' }),
    'what the home slows down': lines(
      mesos(often, due({ iso: 'R/2026-11-23T12:00:00Z/PT5S' })),
      k8s(often, {
        ...due({ cron: '* * * * *' }),
        notes: [{ note: slowed, from: 'model', about: 'crons.SYNC.schedule' }],
      }),
    ),
    'what nobody understands': between({ cron: 'whenever' }, { cron: '* * * * *' }),
    'concurrency, retries, command': lines(
      mesos(),
      k8s(withCron({ concurrent: true, retries: 0, command: 'sleep 1' })),
    ),
    'not there': lines(mesos(), k8s({ ...hcn, crons: [] })),
  });
});

test('two environments: what follows the environment is the same', (t) => {
  const prod: App = {
    ...env({ LOGSTASH_TAG: 'hcn-prod', QUEUE: 'amqp://hcn@queue.prod.anna.money/hcn', OTHER: 'test' }),
    environment: 'prod',
    stage: 'prod',
    routes: [
      { kind: 'Route', host: 'hcn.prod.anna.money', path: '/api', ignoreCase: false, audience: 'external' },
    ],
  };
  const test1 = env({
    LOGSTASH_TAG: 'hcn-test',
    QUEUE: 'amqp://hcn@queue.test1.anna.money/hcn',
    OTHER: 'contest',
  });
  const left = side('test1.mesos', test1, {
    words: { environment: 'test1', stage: 'test', domain: 'test1.anna.money' },
  });
  const right = side('prod.mesos', prod, {
    words: { environment: 'prod', stage: 'prod', domain: 'prod.anna.money' },
  });
  golden(t, 'environments', { both: lines(left, right) });
});

test('notes: what only one home says of itself', (t) => {
  const said = (...args: Parameters<typeof note>) => ({ note: note(...args), from: 'model' }) as const;
  const rounded = said('whole-seconds', 'info', 'Times are rounded up.', { fidelity: 'approximate' });
  const alsoRounded = said('whole-seconds', 'info', 'Marathon counts in seconds.', {
    fidelity: 'approximate',
  });
  const shell = said('term-stays-in-shell', 'warning', 'No TERM.', {
    fidelity: 'approximate',
    hint: 'say exec',
  });
  const capitals = {
    ...said('case-matters', 'warning', 'Capitals are not served.', {
      fidelity: 'dropped',
      subject: 'Ingress hcn',
    }),
    about: 'routes',
  };
  const decide = said('resources-unknown', 'warning', 'Nothing says how much.', { fidelity: 'decide' });
  const foreign = {
    note: note('not-in-model', 'warning', 'constraints has no counterpart.', {
      fidelity: 'dropped',
      field: 'constraints',
    }),
    from: 'live',
  } as const;
  const remark = said('anything', 'info', 'No word about fidelity.');
  golden(t, 'notes', {
    'an approximation': lines(mesos(), k8s(hcn, { notes: [rounded, remark] })),
    'the same one in both': lines(mesos(hcn, { notes: [alsoRounded] }), k8s(hcn, { notes: [rounded] })),
    'with a warning': lines(mesos(hcn, { notes: [shell, shell] }), k8s()),
    'what is dropped': lines(mesos(), k8s(hcn, { notes: [capitals] })),
    'what is dropped behind an edge': lines(mesos(), k8s(hcn, { notes: [capitals] }), [], 'test1'),
    'what is dropped in both': lines(mesos(hcn, { notes: [capitals] }), k8s(hcn, { notes: [capitals] })),
    'what nobody can read': lines(mesos(hcn, { notes: [foreign] }), k8s()),
    'what nobody can read in both': lines(mesos(hcn, { notes: [foreign] }), k8s(hcn, { notes: [foreign] })),
    'what is to be decided': lines(mesos(), k8s(hcn, { notes: [decide] })),
  });
});

test('an acceptance holds to the end of its day, for its app and its path', (t) => {
  const accepted = (more: Partial<Acceptance>): Acceptance => ({
    path: 'services.*.memory',
    owner: 'anna',
    until: '2026-11-23',
    why: 'the heap is smaller',
    ...more,
  });
  const left = mesos();
  const right = k8s(changed({ resources: { ...service.resources, memory: 256 }, killGraceMs: 1 }));
  golden(t, 'accepted', {
    'on the last day': lines(left, right, [accepted({})]),
    'on the day after': lines(left, right, [accepted({ until: '2026-11-22' })]),
    'one that is over beside one that holds': lines(left, right, [
      accepted({ until: '2026-11-22' }),
      accepted({}),
    ]),
    'another app': lines(left, right, [accepted({ app: 'account' })]),
    'this app, everything': lines(left, right, [accepted({ app: 'hcn', path: '*' })]),
    'a part of a path': lines(left, right, [accepted({ path: 'services' })]),
  });
});

test('property: what is the same is equal', () => {
  fc.assert(
    fc.property(models, (app) => {
      const compared = compare({ left: mesos(app), right: k8s(structuredClone(app)), now });
      assert.deepEqual(compared, { app: app.name, verdict: 'equal', differences: [] });
    }),
  );
});

test('property: either way round the verdict is the same, and so is every difference', () => {
  fc.assert(
    fc.property(models, models, (a, b) => {
      const [left, right] = [mesos(a), k8s({ ...b, name: a.name })];
      const there = compare({ left, right, now });
      const back = compare({ left: right, right: left, now });
      assert.equal(there.verdict, back.verdict);
      const facts = (differences: readonly Difference[], turned: boolean) =>
        differences
          .map(({ path, left: l, right: r, verdict }) =>
            JSON.stringify([path, verdict, ...(turned ? [r, l] : [l, r])]),
          )
          .sort();
      // Hosts give a route its path, and they may follow an environment.
      if (a.environment === b.environment)
        assert.deepEqual(facts(there.differences, false), facts(back.differences, true));
    }),
  );
});
