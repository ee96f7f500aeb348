import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { models } from '../../../../test/suites/models.ts';
import { goldenHomes, goldenModels } from '../../../../test/support/golden-models.ts';
import { openNamespace, testCluster } from '../../../../test/support/kubernetes.ts';
import { realHost } from '../../../host/real.ts';
import { type App, isSecret, type SecretRef } from '../../../model/app.ts';
import { isFailure } from '../../../model/failure.ts';
import type { NativeObject } from '../../../model/native.ts';
import { secretDigest } from '../../../model/secret-digest.ts';
import { type Json, record } from '../../json.ts';
import type { Target } from '../../platform.ts';
import { clusterAt } from '../api/cluster-at.ts';
import { applySetId } from '../applyset.ts';
import { compile } from '../compile/compile.ts';
import { type OneOffJob, oneOffJob } from '../compile/one-off-job.ts';
import { kindNamed, kinds, others } from '../kinds.ts';
import { toSend } from '../live/to-send.ts';
import type { KubernetesSettings } from '../settings.ts';
import { managed, whole } from './managed.ts';
import { appliedFields } from './owned-fields.ts';
import { read } from './read.ts';

const found = testCluster();
const skip = 'reason' in found ? found.reason : false;
let opened: Awaited<ReturnType<typeof open>> | undefined;
const place = () => opened ?? assert.fail('no namespace was opened');
const ends: (() => unknown)[] = [];

if (!skip) {
  before(async () => {
    opened = await open();
  });
  after(async () => {
    for (const end of ends) await end();
  });
}

/** A namespace of our own, with what somebody else does in it. */
async function open(labels: Readonly<Record<string, string>> = {}) {
  if ('reason' in found) assert.fail(found.reason);
  const { kubeconfig, context } = found;
  const t = { after: (end: unknown) => void ends.push(end as () => unknown) };
  const { name: namespace, api } = await openNamespace(t, found, labels);
  const cluster = clusterAt({ kubeconfig, context, namespace }, { host: realHost(), root: '.' });
  const deployment = (id: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/${id}`;
  return { namespace, api, cluster, deployment };
}

const reveal = ({ ref }: SecretRef) => `value of ${ref}`;
const target = (app: App, settings: KubernetesSettings) =>
  ({
    environment: app.environment,
    home: 'k8s',
    settings,
    domain: 'prod.anna.money',
    tls: { mode: 'wildcard' },
    elsewhere: { document: 20_001 },
  }) as const;

const variants: fc.Arbitrary<KubernetesSettings> = fc.constantFrom<KubernetesSettings>(
  {},
  { ingress: { class: 'nginx', annotations: { 'example.org/a': 'b' } }, drain: 0, min_ready: 0 },
  {
    podSecurity: 'restricted',
    run_as: 1000,
    service: 'NodePort',
    edge: '198.18.0.1',
    intervals: 'every',
    forward_term: true,
  },
);

for (const [name, app] of Object.entries(goldenModels)) {
  test(`every object of ${name} passes strict validation, and lives as it was compiled`, {
    skip,
  }, async () => {
    await lives(app, { ingress: { class: 'nginx' }, edge: '198.18.0.1' });
  });
}

for (const [name, { model, target: more }] of Object.entries(goldenHomes)) {
  test(`so does every object of ${model.name} in a home ${name}`, { skip }, async (t) => {
    if (
      name === 'gateway' &&
      (await place().api.ask('GET', '/apis/gateway.networking.k8s.io/v1')).status !== 200
    )
      return t.skip('the cluster has no Gateway API');
    await lives(model, more.settings as KubernetesSettings, more);
  });
}

test('property: what lives is managed as it was compiled, and reads back the same', { skip }, async () => {
  await fc.assert(
    fc.asyncProperty(models, variants, async (app, settings) => await lives(app, settings)),
    { numRuns: 30, endOnFailure: true },
  );
});

test('what somebody else changed by hand is seen, and told of where the model has no word', {
  skip,
}, async () => {
  const app = { ...asleep(goldenModels['hcn']), name: 'by-hand' };
  const [object] = compile(app, target(app, {})).objects.filter(({ kind }) => kind === 'Deployment');
  assert(object);
  await written(app, object, false);
  const { api, deployment } = place();
  const path = deployment(object.id);
  const patch = {
    metadata: { labels: null, annotations: null },
    spec: {
      minReadySeconds: 3,
      template: {
        metadata: {
          annotations: { 'prometheus.io/scrape': 'true', 'kubectl.kubernetes.io/restartedAt': 'now' },
        },
        spec: {
          nodeSelector: { disk: 'ssd' },
          containers: [
            {
              name: 'hcn',
              image: 'anna-repo/hcn:9.9.9',
              args: ['-c', 'python /app/hcn/other.py'],
              command: ['/bin/sh'],
              env: [
                { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
                { name: 'NEW', value: 'a$$b' },
              ],
            },
            { name: 'proxy', image: 'envoy' },
          ],
        },
      },
    },
  };
  const answer = await api.ask('PATCH', path, patch, 'application/merge-patch+json');
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const live: NativeObject = { ...object, body: (await api.ask('GET', path)).body as Json };
  const { remarks: _, ...stripped } = live;
  const { apps, notes, releases } = read([stripped], target(app, {}));
  const [service] = apps[0]?.services ?? [];
  assert.deepEqual(releases, {});
  assert.equal(apps[0]?.name, 'by-hand');
  assert.equal(apps[0]?.version, '9.9.9');
  assert.equal(service?.image, 'anna-repo/hcn:9.9.9');
  assert.equal(service?.command, 'python /app/hcn/other.py');
  assert.deepEqual(service?.env, { NEW: 'a$b' });
  const told = notes.map(({ message }) => message.split(' has no counterpart')[0]?.split(' is not as')[0]);
  for (const what of [
    'env.POD_IP',
    'container proxy',
    'minReadySeconds',
    'pod.nodeSelector',
    "the pods' annotation prometheus.io/scrape",
  ])
    assert(told.includes(what), `${what}: ${told.join(' | ')}`);
  assert(!told.some((what) => what?.includes('restartedAt')));
  // What was ours and was changed is ours no longer, so a plan sees that it has to be written.
  assert.notDeepEqual(revealedBody(managed(live)), revealedBody(object));
});

test('a namespace that enforces the restricted standard takes pods of services, crons and tasks', {
  skip,
}, async () => {
  const strict = await open({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  const podIn = ({ body }: NativeObject): Json => {
    const { spec } = record(record(body['spec'])['jobTemplate'] ?? body);
    return record(record(spec)['template']);
  };
  const templates = (settings: KubernetesSettings) => [
    ...compile(asleep(goldenModels['account']), target(asleep(goldenModels['account']), settings))
      .objects.filter(({ kind }) => kind === 'Deployment' || kind === 'CronJob')
      .map(podIn),
    record(record(taskOf(settings).job['spec'])['template']),
  ];
  const admitted = async (template: Json) => {
    const metadata = { ...record(template['metadata']), name: 'pod' };
    const body = { apiVersion: 'v1', kind: 'Pod', ...template, metadata };
    return await strict.cluster.apply(others.Pod, 'pod', body, { dryRun: true });
  };
  for (const template of templates({ podSecurity: 'restricted' })) {
    const pod = await admitted(template);
    if (isFailure(pod)) assert.fail(`${pod.message} ${pod.details ?? ''}`);
  }
  for (const template of templates({})) assert(isFailure(await admitted(template)));
});

test('a one-off task and its Secret pass strict validation', { skip }, async () => {
  const { name, job, secret } = taskOf({});
  assert(secret);
  for (const [kind, id, body] of [
    [others.Job, name, job],
    [kinds.Secret, `${name}-env`, secret],
  ] as const) {
    const made = await place().cluster.apply(kind, id, body, { dryRun: true });
    if (isFailure(made)) assert.fail(`${made.message} ${made.details ?? ''}`);
  }
});

function taskOf(settings: KubernetesSettings): OneOffJob {
  const [job] = goldenModels['account']?.jobs ?? [];
  assert(job);
  const run = {
    id: 'account-migrate-2.1.0-d7f3a2',
    app: 'account',
    release: { app: 'account', version: '2.1.0', deployment: 'd1', fingerprint: 'f1' },
    reveal,
  };
  const made = oneOffJob({ ...job, env: { TOKEN: { kind: 'Secret', ref: 'env:TOKEN' } } }, run, settings);
  assert(!isFailure(made));
  return made;
}

/** Without pods, so that the cluster has nothing to do. */
function asleep(app: App | undefined): App {
  assert(app);
  return { ...app, services: app.services.map((service) => ({ ...service, instances: 0 })) };
}

/** Server-side apply as a dry run: admission, validation and defaults are real, and nothing is left behind. */
async function lives(app: App, settings: KubernetesSettings, more: Partial<Target> = {}): Promise<void> {
  const where = { ...target(app, settings), ...more, settings };
  const { objects } = compile(app, where);
  const live = await Promise.all(objects.map((object) => written(app, object)));
  for (const { body } of live) assert(appliedFields(body), 'the apiserver says what we own');
  assert.deepEqual(
    live.map((one) => revealedBody(managed(one))),
    objects.map(revealedBody),
  );
  // The same comes out where nobody knows any more who wrote it, so nothing but defaults was put in.
  assert.deepEqual(
    live.map((one) => revealedBody(whole(one))),
    objects.map(revealedBody),
  );
  const [there, back] = [read(objects, where), read(live, where)];
  assert.deepEqual(back.apps, there.apps);
  assert.deepEqual(back.notes, []);
  const release = { app: app.name, version: app.version, deployment: 'd1', fingerprint: 'f1' };
  const schema = app.schema === undefined ? {} : { schema: app.schema };
  assert.deepEqual(back.releases, back.apps.length > 0 ? { [app.name]: { ...release, ...schema } } : {});
}

async function written(app: App, object: NativeObject, dryRun = true): Promise<NativeObject> {
  const { cluster, namespace } = place();
  const schema = app.schema === undefined ? {} : { schema: app.schema };
  const release = {
    app: app.name,
    version: app.version,
    deployment: 'd1',
    fingerprint: 'f1',
    ...schema,
  };
  const sent = toSend(object, { release, reveal, namespace, armed: new Set() });
  assert(!isFailure(sent));
  const live = await cluster.apply(kindNamed(object.kind), object.id, sent.body, { dryRun });
  if (isFailure(live))
    assert.fail(`${object.kind} ${object.id}: ${live.message} ${live.found ?? ''} ${live.details ?? ''}`);
  assert.equal(JSON.stringify(live).includes(applySetId(namespace)), true);
  return { kind: object.kind, id: object.id, body: live };
}

/** What is compared: secrets on one side are values on the other. */
function revealedBody({ kind, id, body }: NativeObject): unknown {
  const text = JSON.stringify(body, (_key, value: unknown) => {
    if (!isSecret(value)) return value;
    return value.digest ? secretDigest(reveal(value)) : reveal(value);
  });
  return { kind, id, body: JSON.parse(text) as unknown };
}
