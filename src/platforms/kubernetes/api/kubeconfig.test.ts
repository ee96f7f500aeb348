import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { memoryFiles } from '../../../host/fake.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Entry, findEntry, type Wanted } from './kubeconfig.ts';

const one = `
current-context: first
contexts:
  - {name: first, context: {cluster: one, user: me, namespace: shop}}
  - {name: lost, context: {cluster: nowhere, user: me}}
  - {name: nobody, context: {cluster: one, user: him}}
  - {name: proxied, context: {cluster: far, user: me}}
  - {name: groups, context: {cluster: one, user: many}}
clusters:
  - {name: one, cluster: {server: "https://one:6443/", certificate-authority: pki/ca.crt, tls-server-name: kubernetes}}
  - {name: far, cluster: {server: "https://far", proxy-url: "http://me:secret@proxy:3128"}}
  - {name: broken, cluster: {}}
users:
  - {name: me, user: {client-certificate: me.crt, client-key: /keys/me.key, tokenFile: token, exec: {command: bin/plugin}}}
  - {name: many, user: {token: t, as: jane, as-groups: [a, b]}}
`;
const two = `
current-context: second
contexts:
  - {name: first, context: {cluster: other, user: me}}
  - {name: second, context: {cluster: two, user: you}}
clusters: [{name: two, cluster: {server: "https://two", insecure-skip-tls-verify: true}}]
users: [{name: you, user: {exec: {command: aws}, as: jane, as-uid: "7"}}]
`;
const account = '/var/run/secrets/kubernetes.io/serviceaccount';

async function find(
  wanted: Wanted,
  paths: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = {},
): Promise<Entry | Failure> {
  const files = memoryFiles(new Map(Object.entries(paths)));
  return await findEntry(wanted, { files, root: '/ws', env: { HOME: '/home/me', ...env } });
}

async function found(...args: Parameters<typeof find>): Promise<Entry> {
  const entry = await find(...args);
  assert(!isFailure(entry), JSON.stringify(entry));
  return entry;
}

test('a file that the home names, else $KUBECONFIG, else the one of this person', async () => {
  const files = { '/ws/lab/config': one, '/a': two, '/home/me/.kube/config': one };
  assert.equal((await found({ kubeconfig: 'lab/config' }, files, { KUBECONFIG: '/a' })).context, 'first');
  assert.equal((await found({}, files, { KUBECONFIG: '/a' })).context, 'second');
  assert.equal((await found({ kubeconfig: '~/.kube/config' }, files)).context, 'first');
  assert.equal((await found({}, files)).namespace, 'shop');
});

test('paths start at the folder of their file, wherever that is', async () => {
  const entry = await found({}, { '/home/me/.kube/config': one });
  const folder = dirname('/home/me/.kube/config');
  assert.deepEqual(
    [entry.cluster.caFile, entry.user.certFile, entry.user.keyFile, entry.tokenFile, entry.user.exec.command],
    [`${folder}/pki/ca.crt`, `${folder}/me.crt`, '/keys/me.key', `${folder}/token`, `${folder}/bin/plugin`],
  );
  assert.equal(entry.cluster.server, 'https://one:6443');
  assert.equal(entry.cluster.tlsServerName, 'kubernetes');
});

test('several files are one: the first to name something is meant, one that is not there is left out', async () => {
  const env = { KUBECONFIG: '/none:/one:/two' };
  const files = { '/one': one, '/two': two };
  assert.equal((await found({}, files, env)).cluster.name, 'one');
  const second = await found({ context: 'second' }, files, env);
  assert.equal(second.cluster.skipTLSVerify, true);
  assert.equal(second.user.exec.command, 'aws');
  assert.deepEqual(second.as, { 'impersonate-user': 'jane', 'impersonate-uid': '7' });
});

test('inside a pod there need be none', async () => {
  const files = { [`${account}/token`]: 't', [`${account}/namespace`]: 'shop\n' };
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const entry = await found({}, files, env);
  assert.deepEqual(
    [entry.cluster.server, entry.namespace, entry.tokenFile, entry.context],
    ['https://[fd00::1]:443', 'shop', `${account}/token`, undefined],
  );
  const named = await find({ context: 'x' }, files, env);
  assert(isFailure(named) && named.code === 'kubeconfig-unusable');
});

test('what is missing is named, with what there is and what was probably meant', async () => {
  const nowhere = await find({}, {});
  assert(isFailure(nowhere) && nowhere.code === 'kubeconfig-unusable');
  assert.match(nowhere.message, /\/home\/me\/\.kube\/config does not exist/);

  const files = { '/one': one };
  const wrong = await find({ kubeconfig: '/one', context: 'frist' }, files);
  assert(isFailure(wrong) && wrong.code === 'unknown-context');
  assert.equal(wrong.message, '/one has no context `frist`.');
  assert.equal(wrong.expected, 'first, lost, nobody, proxied, groups');
  assert.equal(wrong.hint, 'did you mean first?');

  for (const [context, message] of [
    ['lost', /names the cluster `nowhere`, which is not there/],
    ['nobody', /names the user `him`/],
    ['groups', /asks for somebody in a way/],
    ['proxied', /through a proxy/],
  ] as const) {
    const failure = await find({ kubeconfig: '/one', context }, files);
    assert(isFailure(failure) && failure.code === 'kubeconfig-unusable');
    assert.match(failure.message, message);
    assert(!JSON.stringify(failure).includes('secret'));
  }
});

test('files that are none are failures', async () => {
  const broken = await find({ kubeconfig: '/one' }, { '/one': 'a: [' });
  assert(isFailure(broken) && /not valid YAML/.test(broken.message));
  const empty = await find({ kubeconfig: '/one' }, { '/one': '' });
  assert(isFailure(empty) && /no current context/.test(empty.message));
});
