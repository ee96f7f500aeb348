import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { box, must, until } from '../../../../test/suites/platform/under-test.ts';
import { loadBox, noCluster } from '../../../../test/support/kubernetes-home.ts';
import { isFailure } from '../../../model/failure.ts';
import { list, record } from '../../json.ts';
import { applySetId, partOfLabel } from '../applyset.ts';
import { kinds, others } from '../kinds.ts';
import { cron, managersOf, openHome, quiet, type WrittenHome } from '../testing/written-home.ts';

describe('writing to a cluster', { skip: noCluster(), concurrency: 4 }, () => {
  let home: WrittenHome;
  before(async () => {
    home = await openHome();
  });
  after(() => home.stop());

  const versionsOf = async (app: string) =>
    Object.fromEntries(Object.entries(await home.versions()).filter(([name]) => name.includes(app)));

  test('what is written the second time is not written at all', async () => {
    const app = quiet('still');
    const changes = await home.deploy(app);
    assert.deepEqual(changes.map(({ object }) => object).sort(), [
      'CronJob still-tick',
      'Deployment still-deployment',
      'Secret still-env',
      'Service still',
    ]);
    await until('the controller has seen it', async () => {
      const { status } = await home.live('deployments/still-deployment');
      return record(status)['observedGeneration'] === 1;
    });
    const first = await versionsOf('still');
    assert.equal(Object.keys(first).length, 4);
    assert.deepEqual(await home.deploy(app), []);
    must(await home.write(app, changes));
    assert.deepEqual(await versionsOf('still'), first);
  });

  test('all that is written belongs to one set, which has a parent, and to us', async () => {
    await home.deploy(quiet('member'));
    const id = applySetId(home.namespace);
    const parent = must(await home.cluster.get(others.ConfigMap, 'rehome'));
    const { labels, annotations } = record(parent?.['metadata']);
    assert.equal(record(labels)['applyset.kubernetes.io/id'], id);
    assert.equal(record(annotations)['applyset.kubernetes.io/tooling'], 'rehome/v1');
    assert.equal(
      record(annotations)['applyset.kubernetes.io/contains-group-kinds'],
      'CronJob.batch,Deployment.apps,EndpointSlice.discovery.k8s.io,Ingress.networking.k8s.io,PodDisruptionBudget.policy,Secret,Service',
    );
    const [live] = must(await home.cluster.list(kinds.Deployment, { labels: `${partOfLabel}=${id}` }));
    assert(live);
    assert.deepEqual(managersOf(live).slice(0, 1), ['rehome Apply']);
  });

  test('a secret is sent as it is and shown as its reference; stamps are beside it', async () => {
    await home.deploy(quiet('hidden'));
    const { data, metadata } = must(await home.cluster.get(kinds.Secret, 'hidden-env')) ?? {};
    assert.deepEqual(data, { TOKEN: Buffer.from('s3cret').toString('base64') });
    assert.equal(record(record(metadata)['annotations'])['rehome/deployment'], 'd1');
    assert(!JSON.stringify(await home.plan(quiet('hidden', '2.0.0'))).includes('s3cret'));
  });

  test('what somebody else has changed since the plan is not overwritten', async () => {
    await home.deploy(quiet('edited'));
    const changes = await home.plan(quiet('edited', '2.0.0', { services: scaled('edited', 2) }));
    await home.ask('PATCH', 'deployments/edited-deployment', { spec: { replicas: 0, paused: true } });
    await home.ask('PATCH', 'deployments/edited-deployment', { spec: { replicas: 1 } });
    const failure = await home.write(quiet('edited', '2.0.0'), changes);
    assert(isFailure(failure) && failure.code === 'conflict', JSON.stringify(failure));
    assert.equal(
      failure.message,
      'Deployment edited-deployment was not written: kubectl-edit manages spec.replicas.',
    );
    assert.equal(record((await home.live('deployments/edited-deployment'))['spec'])['replicas'], 1);

    const taking = home.connected({ ...home.settings, take_over: ['kubectl-edit'] });
    must(await home.write(quiet('edited', '2.0.0'), changes, { by: taking }));
    const { spec } = await home.live('deployments/edited-deployment');
    assert.deepEqual(
      [record(spec)['replicas'], record(spec)['paused']],
      [2, true],
      'other fields of theirs stay',
    );
  });

  function scaled(name: string, instances: number) {
    return quiet(name, '2.0.0').services.map((service) => ({ ...service, instances }));
  }

  test('what belongs to another app is refused by name, before anything is written', async () => {
    await home.deploy(quiet('owner', '1.0.0', { crons: [cron('shared-tick')] }));
    const other = quiet('taker', '1.0.0', { crons: [cron('shared-tick')] });
    const failure = await home.write(other, await home.plan(other));
    assert(isFailure(failure) && failure.code === 'refused');
    assert.equal(failure.message, 'CronJob shared-tick belongs to the app owner.');
    assert.equal(must(await home.cluster.get(kinds.Service, 'taker')), undefined);
    assert.equal(must(await home.cluster.get(kinds.Secret, 'taker-env')), undefined);
  });

  test("what is not rehome's and means other pods is refused too; what merely has our label is left alone", async () => {
    const foreign = (name: string) => ({
      metadata: { name, labels: { 'app.kubernetes.io/name': 'guest' } },
      spec: { selector: { app: 'other' }, ports: [{ port: 80 }] },
    });
    await home.ask('POST', 'services', foreign('guest'));
    await home.ask('POST', 'services', foreign('guests-friend'));
    const failure = await home.write(quiet('guest'), await home.plan(quiet('guest')));
    assert(
      isFailure(failure) && /Service guest is there already/.test(failure.message),
      JSON.stringify(failure),
    );
    assert.equal(failure.found, 'app=other');
    await home.ask('DELETE', 'services/guest');
    await home.deploy(quiet('guest'));
    await home.deploy(undefined, { name: 'guest' });
    assert.equal(record((await home.live('services/guests-friend'))['metadata'])['name'], 'guests-friend');
  });

  test('an object of another kind that has one of our names is no part of the app', async () => {
    const labels = { 'app.kubernetes.io/name': 'namesake' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'x', image: 'x' }] } };
    const spec = { replicas: 0, selector: { matchLabels: labels }, template };
    await home.ask('POST', 'deployments', { metadata: { name: 'namesake', labels }, spec });
    const planned = await home.deploy(quiet('namesake'));
    assert.deepEqual(
      planned.filter(({ action }) => action === 'delete'),
      [],
    );
    const cron = { suspend: true, schedule: '0 0 1 1 *', jobTemplate: { spec: { template: oneOff } } };
    await home.ask('POST', 'cronjobs', { metadata: { name: 'theirs', labels }, spec: cron });
    must(await home.home.setDuty('namesake', 'armed'));
    assert.equal(record((await home.live('cronjobs/theirs'))['spec'])['suspend'], true);
    await home.deploy(undefined, { name: 'namesake' });
    assert.equal(record((await home.live('deployments/namesake'))['metadata'])['name'], 'namesake');
  });

  const oneOff = {
    spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x' }] },
  };

  test('what is not wanted any more is planned to go, and goes; in the end nothing is left', async () => {
    await home.deploy(quiet('shrinking'));
    const changes = await home.deploy(quiet('shrinking', '2.0.0', { crons: [] }));
    const gone = changes.filter(({ action }) => action === 'delete').map(({ object }) => object);
    assert.deepEqual(gone, ['CronJob shrinking-tick']);
    assert.equal(must(await home.cluster.get(kinds.CronJob, 'shrinking-tick')), undefined);
    await home.deploy(undefined, { name: 'shrinking' });
    await until('nothing is left', async () => Object.keys(await versionsOf('shrinking')).length === 0);
  });

  test('labels and stamps taken off by hand make nothing of ours a stranger', async () => {
    await home.deploy(quiet('stripped'));
    const annotations = Object.fromEntries(
      ['app', 'version', 'deployment', 'fingerprint', 'model'].map((key) => [`rehome/${key}`, null]),
    );
    const labels = { 'app.kubernetes.io/name': null, [partOfLabel]: null };
    await home.ask('PATCH', 'deployments/stripped-deployment', { metadata: { labels, annotations } });
    const live = must(await home.home.observe({ app: 'stripped' }));
    assert(live.some(({ id }) => id === 'stripped-deployment'));
  });

  test('a new cron sleeps; one that is armed stays so when it is changed', async () => {
    const isArmed = async () => record((await home.live('cronjobs/alarm-tick'))['spec'])['suspend'] === false;
    await home.deploy(quiet('alarm'));
    assert.equal(await isArmed(), false);
    must(await home.home.setDuty('alarm', 'armed'));
    await home.deploy(quiet('alarm', '2.0.0', { crons: [cron('alarm-tick', '2.0.0')] }));
    assert.equal(await isArmed(), true);
    must(await home.home.setDuty('alarm', 'disarmed'));
    await home.deploy(quiet('alarm', '3.0.0', { crons: [cron('alarm-tick', '3.0.0')] }));
    assert.equal(await isArmed(), false);
  });

  test('tasks of earlier deployments are forgotten with the next change, those of this one are not', async () => {
    const task = (deployment: string) => ({
      metadata: {
        name: `swept-${deployment}`,
        labels: {
          'app.kubernetes.io/name': 'swept',
          'app.kubernetes.io/managed-by': 'rehome',
          'app.kubernetes.io/component': 'job',
        },
        annotations: { 'rehome/app': 'swept', 'rehome/deployment': deployment },
      },
      spec: {
        backoffLimit: 0,
        ...(deployment === 'running' ? {} : { activeDeadlineSeconds: 1 }),
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'none', command: ['true'] }] },
        },
      },
    });
    await home.deploy(quiet('swept'));
    for (const deployment of ['old', 'running', 'd2']) await home.ask('POST', 'jobs', task(deployment));
    await until('two are over', async () => {
      const jobs = must(await home.cluster.list(others.Job, { labels: 'app.kubernetes.io/name=swept' }));
      const over = jobs.filter(({ status }) =>
        list(record(status)['conditions']).some(({ type }) => type === 'Failed'),
      );
      return over.length === 2;
    });
    await home.deploy(quiet('swept', '2.0.0'), { deployment: 'd2' });
    const left = must(await home.cluster.list(others.Job, { labels: 'app.kubernetes.io/name=swept' }));
    assert.deepEqual(left.map(({ metadata }) => record(metadata)['name']).sort(), [
      'swept-d2',
      'swept-running',
    ]);
  });

  test('the Role of the docs is enough for all of that', async () => {
    const path = join(import.meta.dirname, '../../../../docs/kubernetes-role.yaml');
    const role = parseAllDocuments(readFileSync(path, 'utf8')).map((one) => record(one.toJS()));
    const rules = list(role.find(({ kind }) => kind === 'Role')?.['rules']);
    const by = await home.connectedAs('least', rules);
    const app = quiet('least');
    const edge = { elsewhere: { least: 20_124 }, settings: { ...home.settings, edge: '198.18.0.1' } };
    const moved = quiet('least', '2.0.0');
    must(await home.rehearse(app, await home.plan(app), by));
    must(await home.write(app, await home.plan(app), { by }));
    must(await by.setDuty('least', 'armed'));
    must(await home.write(moved, await home.plan(moved, 'least', edge), { by, deployment: 'd2' }));
    must(await home.write(undefined, await home.plan(undefined, 'least'), { by, name: 'least' }));
    assert.deepEqual(must(await by.observe({ app: 'least' })), []);
  });

  test('an app that moves in part is called through the edge alone, and by its pods again afterwards', async () => {
    await loadBox();
    const app = box('moving', { resources: { cpus: 0.01, memory: 64, cpuLimit: 'soft' } });
    const target = { elsewhere: { moving: 20_123 }, settings: { ...home.settings, edge: '198.18.0.1' } };
    await home.deploy(app);
    const slices = async () =>
      must(await home.cluster.list(kinds.EndpointSlice, { labels: 'kubernetes.io/service-name=moving' }));
    await until('its pod is an endpoint', async () =>
      (await slices()).some((one) => list(one['endpoints']).length > 0),
    );
    const there = await home.plan(app, 'moving', target);
    must(await home.write(app, there));
    // What the controllers had under way comes to an end.
    await until('only the edge is called', async () => {
      const names = (await slices()).map(({ metadata }) => record(metadata)['name']);
      return names.length === 1 && names[0] === 'moving-edge';
    });
    assert.deepEqual(await home.plan(app, 'moving', target), []);
    const back = await home.plan(app, 'moving');
    must(await home.write(app, back));
    await until('its pods are back', async () => {
      const now = await slices();
      return now.length === 1 && record(now[0]?.['metadata'])['name'] !== 'moving-edge';
    });
  });
});
