import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenModels } from '../../../../test/support/golden-models.ts';
import type { App } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import type { Json } from '../../json.ts';
import { compile } from '../compile/compile.ts';
import { notes as explained } from '../notes.ts';
import type { KubernetesSettings } from '../settings.ts';
import { read } from './read.ts';

const target = (settings: KubernetesSettings = {}) => ({ environment: 'prod', home: 'k8s', settings });

function object(kind: string, id: string, spec: Json, metadata: Json = {}): NativeObject {
  return { kind, id, body: { kind, metadata: { name: id, ...metadata }, spec } };
}

/** Written by somebody who never heard of rehome, as the apiserver gives it back. */
const container: Json = {
  name: 'web',
  image: 'registry:5000/shop/web:3.2',
  imagePullPolicy: 'Always',
  command: ['python', '-m', 'shop', '--greeting=hello world', '--db=$(DB_URL)', '--key=$(KEY)'],
  ports: [
    { containerPort: 5000, protocol: 'TCP' },
    { containerPort: 9090, name: 'metrics', protocol: 'TCP' },
  ],
  env: [
    { name: 'HOST', value: 'db' },
    { name: 'DB_URL', value: 'pg://$(HOST)/$(LATER)' },
    { name: 'LATER', value: 'x' },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'shop', key: 'api-key' } } },
    { name: 'FLAG', valueFrom: { configMapKeyRef: { name: 'flags', key: 'a' } } },
  ],
  envFrom: [{ configMapRef: { name: 'more' } }],
  resources: {
    requests: { cpu: '250m', memory: '256Mi' },
    limits: { memory: '0.5Gi', 'nvidia.com/gpu': '1' },
  },
  livenessProbe: {
    httpGet: { path: '/ok', port: 5000, scheme: 'HTTP' },
    initialDelaySeconds: 20,
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  },
  readinessProbe: {
    exec: { command: ['true'] },
    periodSeconds: 10,
    failureThreshold: 3,
    successThreshold: 1,
  },
  lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};

const foreign = object(
  'Deployment',
  'web',
  {
    replicas: 4,
    selector: { matchLabels: { app: 'web' } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
    template: {
      metadata: { creationTimestamp: null, labels: { app: 'web' } },
      spec: {
        containers: [container, { name: 'log', image: 'fluent' }],
        initContainers: [{ name: 'init', image: 'busybox' }],
        volumes: [{ name: 'data', emptyDir: {} }],
        serviceAccountName: 'shop',
        serviceAccount: 'shop',
        hostNetwork: true,
        tolerations: [{ key: 'a', operator: 'Exists' }],
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 45,
        someFieldOfTheFuture: { a: 1 },
      },
    },
  },
  { annotations: { 'deployment.kubernetes.io/revision': '3' } },
);

const service = object('Service', 'shop-web', {
  type: 'LoadBalancer',
  clusterIP: '10.0.0.1',
  selector: { app: 'web' },
  sessionAffinity: 'ClientIP',
  ports: [
    { name: 'w', port: 80, targetPort: 5000, protocol: 'TCP', nodePort: 30_000 },
    { name: 'm', port: 9090, targetPort: 9090, protocol: 'TCP' },
  ],
});

const ingress = object(
  'Ingress',
  'shop',
  {
    ingressClassName: 'nginx',
    tls: [{ hosts: ['shop.example.org'], secretName: 'shop-tls' }],
    rules: [
      {
        host: 'shop.example.org',
        http: {
          paths: [
            {
              path: '/api',
              pathType: 'Prefix',
              backend: { service: { name: 'shop-web', port: { number: 80 } } },
            },
            {
              path: '/x',
              pathType: 'Exact',
              backend: { service: { name: 'shop-web', port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  },
  { annotations: { 'nginx.ingress.kubernetes.io/rewrite-target': '/' } },
);

test('what never was ours becomes a model, as far as there are words', () => {
  const { apps, releases } = read([foreign, service, ingress], target({ ingress: { class: 'nginx' } }));
  assert.deepEqual(releases, {});
  const wanted: App = {
    kind: 'App',
    name: 'web',
    version: '3.2',
    environment: 'prod',
    stage: '',
    services: [
      {
        kind: 'Service',
        name: 'web',
        image: 'registry:5000/shop/web:3.2',
        command: `exec python -m shop '--greeting=hello world' '--db=pg://db/$(LATER)' '--key='"$\{KEY}"`,
        env: {
          HOST: 'db',
          DB_URL: 'pg://db/$(LATER)',
          LATER: 'x',
          KEY: { kind: 'Secret', ref: 'kubernetes:shop/api-key' },
        },
        resources: { cpus: 0.25, memory: 512, cpuLimit: 'soft' },
        instances: 4,
        port: 5000,
        health: {
          protocol: 'http',
          path: '/ok',
          intervalMs: 10_000,
          timeoutMs: 1_000,
          failures: 3,
          graceMs: 20_000,
        },
        rollout: { minHealthy: 0.75, maxOver: 0.25, deadlineMs: 600_000 },
        killGraceMs: 45_000,
      },
    ],
    jobs: [],
    crons: [],
    routes: ['/api', '/x'].map((path) => ({
      kind: 'Route',
      host: 'shop.example.org',
      path,
      ignoreCase: false,
      audience: 'external',
    })),
    uses: [],
  };
  assert.deepEqual(apps, [wanted]);
});

test('and everything else is told of by its name, also what nobody knows yet', () => {
  const { notes } = read([foreign, service, ingress], target({ ingress: { class: 'nginx' } }));
  for (const { id } of notes) assert(explained[id], id);
  const dropped = notes
    .filter(({ id }) => id === 'not-in-model')
    .map(({ message }) => message.split(' has no')[0]);
  assert.deepEqual(dropped.toSorted(), [
    'container log',
    'container.imagePullPolicy',
    'container.lifecycle.preStop.exec',
    'container.readinessProbe.exec',
    'container.volumeMounts',
    'env.FLAG',
    'envFrom',
    'pod.hostNetwork',
    'pod.initContainers',
    'pod.serviceAccountName',
    'pod.someFieldOfTheFuture',
    'pod.tolerations',
    'pod.volumes',
    'port 9090 of the Service',
    'port metrics of the container',
    'resources.limits.nvidia.com/gpu',
    'sessionAffinity',
    'the annotation nginx.ingress.kubernetes.io/rewrite-target',
    'tls',
  ]);
  const others = notes
    .filter(({ id }) => id !== 'not-in-model')
    .map(({ id, message }) => `${id}: ${message}`);
  assert.deepEqual(others.toSorted(), [
    'args-quoted: command and args are read as one shell command.',
    'path-type: A path of type Exact is read as a prefix.',
    'resources-differ: memory is 256Mi with a limit of 0.5Gi; the limit is taken for both.',
    'service-renamed: rehome calls this Service web; whoever calls shop-web has to be told.',
    'shell-variable: A reference to a secret, $(NAME), is left to the shell.',
    'written-otherwise: container.readinessProbe.periodSeconds is not as rehome writes it for this home; a deploy sets it.',
    'written-otherwise: type is not as rehome writes it for this home; a deploy sets it.',
  ]);
});

test('a CronJob of anybody', () => {
  const template = {
    metadata: { creationTimestamp: null },
    spec: {
      containers: [{ name: 'c', image: 'sync', args: ['--all'] }],
      restartPolicy: 'OnFailure',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
    },
  };
  const cron = object(
    'CronJob',
    'sync',
    {
      schedule: '@daily',
      concurrencyPolicy: 'Replace',
      suspend: true,
      startingDeadlineSeconds: 60,
      jobTemplate: { metadata: {}, spec: { template, activeDeadlineSeconds: 600, parallelism: 2 } },
    },
    { labels: { 'app.kubernetes.io/name': 'shop' } },
  );
  const { apps, notes } = read([cron], target());
  assert.deepEqual(apps[0]?.name, 'shop');
  assert.deepEqual(apps[0]?.crons, [
    {
      kind: 'Cron',
      name: 'sync',
      image: 'sync',
      env: {},
      resources: { cpus: 0.1, memory: 128, cpuLimit: 'soft' },
      schedule: { cron: '0 0 * * *' },
      concurrent: false,
      retries: 6,
    },
  ]);
  assert.deepEqual(notes.map(({ id, message }) => `${id} ${message.split(' ')[0]}`).toSorted(), [
    'args-without-command args',
    'not-in-model job.activeDeadlineSeconds',
    'not-in-model job.parallelism',
    'replaces-runs Replace',
    'resources-unknown Nothing',
    'resources-unknown Nothing',
    'written-otherwise pod.restartPolicy',
    'written-otherwise startingDeadlineSeconds',
    'zone-unknown Without',
  ]);
  for (const { id } of notes) assert(explained[id], id);
});

test('remarks are believed only while the live fields say the same', () => {
  const app = goldenModels['Odd_App'];
  assert(app);
  const { objects } = compile(app, target());
  const live = structuredClone(objects.filter(({ kind }) => kind === 'Deployment')) as unknown as Live[];
  const [deployment] = live;
  assert(deployment);
  const [pod] = [deployment.body.spec.template.spec];
  const [main] = pod.containers;
  assert(main);
  deployment.body.spec.strategy.rollingUpdate = { maxSurge: 0, maxUnavailable: 1 };
  deployment.body.spec.progressDeadlineSeconds = 100;
  pod.terminationGracePeriodSeconds = 40;
  main.resources.limits.memory = '64Mi';
  main.resources.requests.memory = '64Mi';
  main.env = [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'odd-app-e3vjun-env', key: 'OTHER' } } }];
  main.ports = [{ name: 'http', containerPort: 7000, protocol: 'TCP' }];
  const [service] = read(live as unknown as NativeObject[], target()).apps[0]?.services ?? [];
  assert(service);
  const { rollout, killGraceMs, resources, env, port } = service;
  assert.deepEqual(rollout, { minHealthy: 0, maxOver: 0, deadlineMs: 90_000 });
  assert.equal(killGraceMs, 30_000);
  assert.deepEqual(resources, { cpus: 0.25, memory: 64, cpuLimit: 'soft' });
  assert.deepEqual(env, { TOKEN: { kind: 'Secret', ref: 'kubernetes:odd-app-e3vjun-env/OTHER' } });
  assert.equal(port, 7000);
});

interface Live {
  readonly body: {
    readonly spec: {
      strategy: { rollingUpdate: Json };
      progressDeadlineSeconds: number;
      readonly template: {
        readonly spec: {
          terminationGracePeriodSeconds: number;
          readonly containers: {
            resources: { limits: Record<string, string>; requests: Record<string, string> };
            env: Json[];
            ports: Json[];
          }[];
        };
      };
    };
  };
}

test('routes that were told are true only while the live objects say so', () => {
  const app = goldenModels['account'];
  assert(app);
  const served = target({ ingress: { class: 'nginx' } });
  const { objects } = compile(app, served);
  assert.deepEqual(read(objects, served).apps[0]?.routes, app.routes);
  const without = objects.filter(({ kind }) => kind !== 'Ingress');
  assert.deepEqual(read(without, served).apps[0]?.routes, []);
  const changed = JSON.parse(JSON.stringify(objects).replaceAll('"/api"', '"/v2"')) as NativeObject[];
  assert.deepEqual(
    read(changed, served).apps[0]?.routes.map(({ path, ignoreCase }) => ({ path, ignoreCase })),
    [{ path: '/v2', ignoreCase: false }],
  );
});

test('an app that only has its address here does not live here', () => {
  const neighbour: App = { ...goldenModels['hcn'], name: 'account', services: [] } as App;
  const { objects } = compile(neighbour, {
    ...target({ edge: '10.0.0.7' }),
    elsewhere: { account: 20_001 },
  });
  assert.equal(objects.length, 2);
  assert.deepEqual(read(objects, target()).apps, []);
});
