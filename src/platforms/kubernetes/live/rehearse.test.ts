import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { must, until } from '../../../../test/suites/platform/under-test.ts';
import { noCluster } from '../../../../test/support/kubernetes-home.ts';
import { isFailure } from '../../../model/failure.ts';
import type { Change } from '../../../model/native.ts';
import { openHome, quiet, type WrittenHome } from '../testing/written-home.ts';

describe('rehearsing on a cluster', { skip: noCluster(), concurrency: 4 }, () => {
  let home: WrittenHome;
  before(async () => {
    home = await openHome();
  });
  after(() => home.stop());

  const opened = async (more: Parameters<typeof openHome>[0], use: (other: WrittenHome) => Promise<void>) => {
    const other = await openHome(more);
    try {
      await use(other);
    } finally {
      await other.stop();
    }
  };

  test('nothing is written, and what would change is what the server says', async () => {
    const first = quiet('dry');
    const planned = await home.plan(first);
    const rehearsed = must(await home.rehearse(first, planned));
    assert.deepEqual(shortOf(rehearsed), shortOf(planned));
    assert.deepEqual(await home.plan(first), planned, 'something was written');

    await home.deploy(first);
    const [service] = first.services;
    assert(service);
    const resources = { ...service.resources, cpus: 0.25 };
    const second = { ...first, services: [{ ...service, resources, env: { A: 'new' } }] };
    const changes = must(await home.rehearse(second, await home.plan(second)));
    const container = 'spec.template.spec.containers[0]';
    const paths = changes.flatMap(({ fields }) => fields.map(({ path }) => path));
    assert(paths.includes(`${container}.resources.requests.cpu`), paths.join('\n'));
    assert(JSON.stringify(changes).includes('"rehome/secret-digest.TOKEN":"(digest of a secret)"'));
    assert(
      !paths.some((path) => /managedFields|resourceVersion|generation|status|rehome\/app/.test(path)),
      paths.join('\n'),
    );
    assert(!JSON.stringify(changes).includes('s3cret'));
    assert(!JSON.stringify(changes).includes(Buffer.from('s3cret').toString('base64')));
  });

  test('what the server would make of it anyway is no change', async () => {
    const app = quiet('same');
    const planned = await home.plan(app);
    await home.deploy(app);
    const again = planned.map(({ after, ...change }): Change => {
      assert(after);
      return { ...change, action: 'update', before: after, after };
    });
    const left = must(await home.rehearse(app, again));
    assert.deepEqual(shortOf(left), ['update Secret same-env']);
  });

  test('a quota that is used up is told before anything changes', async () => {
    await opened({}, async (other) => {
      const quota = { metadata: { name: 'q' }, spec: { hard: { 'count/deployments.apps': '0' } } };
      await other.ask('POST', 'resourcequotas', quota);
      const app = quiet('greedy');
      let rehearsed: Awaited<ReturnType<typeof other.rehearse>> = [];
      // A quota holds from the moment on at which its controller has counted.
      await until('the quota holds', async () => {
        rehearsed = await other.rehearse(app, await other.plan(app));
        return isFailure(rehearsed);
      });
      assert.match(isFailure(rehearsed) ? rehearsed.message : '', /exceeded quota: q/);
    });
  });

  test('a namespace that takes restricted pods only, wants the home to say so', async () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await opened({ labels }, async (other) => {
      const app = quiet('loose');
      const failure = await other.rehearse(app, await other.plan(app));
      assert(isFailure(failure) && failure.code === 'refused', JSON.stringify(failure));
      assert.match(failure.hint ?? '', /podSecurity: restricted/);
    });
    await opened({ labels, settings: { podSecurity: 'restricted', run_as: 1000 } }, async (other) => {
      const app = quiet('tight');
      assert(!isFailure(await other.rehearse(app, await other.plan(app))));
    });
  });

  test('a namespace that is not there is told, or made where the home says so', async () => {
    const namespace = `${home.namespace}-absent`;
    const absent = home.connected({ ...home.settings, namespace });
    const app = quiet('early');
    const changes = await home.plan(app);
    for (const failure of [
      await home.rehearse(app, changes, absent),
      await home.write(app, changes, { by: absent }),
    ]) {
      assert(isFailure(failure) && failure.code === 'unknown-namespace', JSON.stringify(failure));
      assert.match(failure.hint ?? '', /create_namespace: true/);
    }
    const making = home.connected({ ...home.settings, namespace, create_namespace: true });
    try {
      assert.deepEqual(shortOf(must(await home.rehearse(app, changes, making))), shortOf(changes));
      must(await home.write(app, changes, { by: making }));
      assert.equal(must(await making.observe({ app: 'early' })).length, changes.length);
    } finally {
      await home.ask('DELETE', `/api/v1/namespaces/${namespace}`);
    }
  });

  test('into a namespace that ends nothing is written', async () => {
    await opened({}, async (other) => {
      const held = { metadata: { name: 'held', finalizers: ['rehome.test/held'] } };
      await other.ask('POST', 'configmaps', held);
      const app = quiet('late');
      const changes = await other.plan(app);
      await other.ask('DELETE', `/api/v1/namespaces/${other.namespace}`);
      try {
        for (const failure of [await other.rehearse(app, changes), await other.write(app, changes)])
          assert(isFailure(failure) && failure.code === 'namespace-ending', JSON.stringify(failure));
      } finally {
        await other.ask('PATCH', 'configmaps/held', { metadata: { finalizers: null } });
      }
    });
  });

  test('too large an object is told as such, by the API and by what is behind it', async () => {
    const [service] = quiet('fat').services;
    assert(service);
    for (const megabytes of [2, 4]) {
      const env = { FAT: 'x'.repeat(megabytes * 1024 * 1024) };
      const app = { ...quiet('fat'), services: [{ ...service, env }] };
      const failure = await home.write(app, await home.plan(app));
      assert(isFailure(failure) && failure.code === 'too-large', JSON.stringify(failure).slice(0, 500));
      assert.match(failure.message, /Deployment fat-deployment/);
    }
  });

  test('a field that the API does not know is refused by its name', async () => {
    const app = quiet('typo');
    const changes = (await home.plan(app)).map((change) => {
      if (change.after?.kind !== 'Deployment') return change;
      return { ...change, after: { ...change.after, body: { ...change.after.body, spek: 1 } } };
    });
    const failure = await home.rehearse(app, changes);
    assert(isFailure(failure) && failure.code === 'refused', JSON.stringify(failure));
    assert.match(failure.message, /Deployment typo-deployment.*spek/s);
  });
});

function shortOf(changes: readonly Change[]): readonly string[] {
  return changes.map(({ action, object }) => `${action} ${object}`).sort();
}
