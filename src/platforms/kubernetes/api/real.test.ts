import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { until } from '../../../../test/suites/platform/under-test.ts';
import { noCluster } from '../../../../test/support/kubernetes-home.ts';
import { realHost } from '../../../host/real.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, list, record, text } from '../../json.ts';
import type { WatchEvent } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';
import type { KubernetesSettings } from '../settings.ts';
import { openHome, quiet, type WrittenHome } from '../testing/written-home.ts';
import { clusterAt } from './cluster-at.ts';

/** Who we may be to a real cluster, and what it says when we may not. */
describe('access to a real cluster', { skip: noCluster(), concurrency: 4 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-real-'));
  let home: WrittenHome;
  let cluster: Json;
  let admin: Json;
  before(async () => {
    home = await openHome();
    const path = home.settings.kubeconfig ?? '';
    const config = record(parse(readFileSync(path, 'utf8')));
    const named = (key: string, name: unknown) => list(config[key]).find((one) => one['name'] === name);
    const context = record(named('contexts', home.settings.context)?.['context']);
    cluster = absolute(record(named('clusters', context['cluster'])?.['cluster']), dirname(path));
    admin = absolute(record(named('users', context['user'])?.['user']), dirname(path));
  });
  after(async () => {
    await home.stop();
    rmSync(folder, { recursive: true });
  });

  function absolute(body: Json, from: string): Json {
    const keys = ['certificate-authority', 'client-certificate', 'client-key'];
    const paths = keys.flatMap((key) => (text(body[key]) ? [[key, resolve(from, String(body[key]))]] : []));
    return { ...body, ...Object.fromEntries(paths) };
  }

  let count = 0;
  function clusterAs(user: Json, more: { cluster?: Json; settings?: KubernetesSettings } = {}) {
    const path = join(folder, `config-${count++}`);
    const config = {
      'current-context': 'real',
      contexts: [{ name: 'real', context: { cluster: 'c', user: 'u', namespace: home.namespace } }],
      clusters: [{ name: 'c', cluster: more.cluster ?? cluster }],
      users: [{ name: 'u', user }],
    };
    writeFileSync(path, JSON.stringify(config));
    return clusterAt({ kubeconfig: path, ...more.settings }, { host: realHost(), root: folder });
  }

  const deployments = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'get'] }];

  test('a token, in the kubeconfig, in a file, or from a plugin', async () => {
    const token = await home.tokenOf('reader', deployments);
    const path = join(folder, 'token');
    writeFileSync(path, `${token}\n`);
    const credential = join(folder, 'credential');
    writeFileSync(credential, JSON.stringify({ kind: 'ExecCredential', status: { token } }));
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'cat', args: [credential] };
    for (const user of [{ token }, { tokenFile: path }, { exec }])
      assert.deepEqual(await clusterAs(user).list(kinds.Deployment), [], JSON.stringify(user));
  });

  test('the administrator of the test cluster, also as somebody else', async () => {
    assert(!isFailure(await clusterAs(admin).list(kinds.Deployment)));
    const somebody = await clusterAs({ ...admin, as: 'jane' }).list(kinds.Deployment);
    assert(isFailure(somebody) && somebody.code === 'forbidden', JSON.stringify(somebody));
    assert.match(somebody.message, /does not let jane list deployments in the namespace test-/);
  });

  test('a certificate of our own, signed by the cluster', async (t) => {
    execFileSync(
      'openssl',
      [
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'jane.key',
        '-out',
        'jane.csr',
        '-subj',
        '/CN=jane',
      ],
      {
        cwd: folder,
        stdio: 'pipe',
      },
    );
    const name = `${home.namespace}-jane`;
    const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
    const request = readFileSync(join(folder, 'jane.csr')).toString('base64');
    const signer = 'kubernetes.io/kube-apiserver-client';
    const spec = { request, signerName: signer, usages: ['client auth'], expirationSeconds: 600 };
    await home.ask('POST', requests, { metadata: { name }, spec });
    try {
      const { metadata } = await home.live(`${requests}/${name}`);
      const approved = { type: 'Approved', status: 'True', reason: 'Test', message: 'x' };
      await home.ask('PUT', `${requests}/${name}/approval`, {
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata,
        spec,
        status: { conditions: [approved] },
      });
      let certificate: string | undefined;
      const signed = until(
        'it is signed',
        async () => {
          certificate = text(record((await home.live(`${requests}/${name}`))['status'])['certificate']);
          return certificate !== undefined;
        },
        5_000,
      );
      await signed.catch(() => undefined);
      if (certificate === undefined) return t.skip('this cluster signs no certificates');
      const user = { 'client-certificate-data': certificate, 'client-key': join(folder, 'jane.key') };
      const refused = await clusterAs(user).list(kinds.Deployment);
      assert(isFailure(refused) && /does not let jane list/.test(refused.message), JSON.stringify(refused));
    } finally {
      await home.ask('DELETE', `${requests}/${name}`);
    }
  });

  test('a token that nobody gave, or that is over, is told as such', async () => {
    const token = await home.tokenOf('leaver', deployments);
    // Once seen, it would be believed for another ten seconds.
    await home.ask('DELETE', 'serviceaccounts/leaver');
    await until('its token is over', async () => {
      const over = await clusterAs({ token }).list(kinds.Deployment);
      return isFailure(over) && over.code === 'not-authenticated';
    });
    const bad = await clusterAs({ token: 'nonsense' }).apply(kinds.Deployment, 'x', {});
    assert(isFailure(bad) && bad.code === 'not-authenticated', JSON.stringify(bad));
    assert.match(bad.message, /does not take the credentials of the context real/);
    assert(!JSON.stringify(bad).includes('nonsense'));
    const watched = await firstOf(clusterAs({ token: 'nonsense' }).watch(kinds.Deployment, {}));
    assert(isFailure(watched) && watched.code === 'not-authenticated');
  });

  test('what is not allowed is told with who, what and where', async () => {
    const user = { token: await home.tokenOf('looker', deployments) };
    const refused = await clusterAs(user).apply(kinds.Deployment, 'x', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
    });
    assert(isFailure(refused) && refused.code === 'forbidden', JSON.stringify(refused));
    const who = `system:serviceaccount:${home.namespace}:looker`;
    assert(refused.message.includes(`does not let ${who} patch deployments`), refused.message);
    const path = join(folder, 'looker');
    writeFileSync(
      path,
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user }],
      }),
    );
    const { context: _, ...settings } = home.settings;
    const app = quiet('forbidden');
    const looking = home.connected({ ...settings, kubeconfig: path });
    const rehearsed = await home.rehearse(app, await home.plan(app), looking);
    assert(isFailure(rehearsed) && rehearsed.code === 'forbidden');
    assert.match(rehearsed.message, /create jobs, .*list pods/);
  });

  test('a server whose certificate is not of the authority is not talked to', async () => {
    const { 'insecure-skip-tls-verify': _, ...strict } = cluster;
    const ca = join(folder, 'other.crt');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
    execFileSync('openssl', ['req', '-x509', ...key, '-out', ca, '-subj', '/CN=other'], { stdio: 'pipe' });
    const { 'certificate-authority-data': __, ...rest } = strict;
    const wrong = await clusterAs(admin, { cluster: { ...rest, 'certificate-authority': ca } }).list(
      kinds.Service,
    );
    assert(isFailure(wrong) && wrong.code === 'unreachable');
    assert.match(wrong.message, /certificate .* is not accepted/);
  });

  test('a wrong context and a server that is not there are told at once', async () => {
    const wrong = await clusterAs(admin, { settings: { context: 'reel' } }).list(kinds.Service);
    assert(isFailure(wrong) && wrong.code === 'unknown-context');
    assert.equal(wrong.hint, 'did you mean real?');
    const away = { ...cluster, server: 'https://127.0.0.1:1' };
    const nobody = await clusterAs(admin, { cluster: away }).list(kinds.Service);
    assert(isFailure(nobody) && nobody.code === 'unreachable');
    assert.match(nobody.message, /Nothing answers at https:\/\/127\.0\.0\.1:1/);
  });

  test('a watch tells what is there and what comes', async () => {
    const leave = new AbortController();
    const seen: string[] = [];
    const next = [
      () => home.ask('POST', 'configmaps', { metadata: { name: 'meanwhile' } }),
      () => home.ask('DELETE', 'configmaps/before'),
      async () => leave.abort(),
    ];
    await home.ask('POST', 'configmaps', { metadata: { name: 'before' } });
    for await (const one of clusterAs(admin).watch(others.ConfigMap, { signal: leave.signal })) {
      assert(!isFailure(one), JSON.stringify(one));
      const name = text(record(one.object['metadata'])['name']) ?? '';
      if (!['before', 'meanwhile'].includes(name)) continue;
      seen.push(`${one.type} ${name}`);
      await next[seen.length - 1]?.();
    }
    assert.deepEqual(seen, ['ADDED before', 'ADDED meanwhile', 'DELETED before']);
  });

  async function firstOf(
    events: AsyncIterable<WatchEvent | Failure>,
  ): Promise<WatchEvent | Failure | undefined> {
    for await (const one of events) return one;
    return undefined;
  }
});
