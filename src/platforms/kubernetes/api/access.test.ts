import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { realHost } from '../../../host/real.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, record } from '../../json.ts';
import { kinds } from '../kinds.ts';
import { clusterAt } from './cluster-at.ts';

/** Against a real TLS server with certificates of its own authority, as an apiserver has them. */
describe('access by TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-tls-'));
  const file = (name: string) => join(folder, name);
  const data = (name: string) => readFileSync(file(name)).toString('base64');
  let server: ReturnType<typeof createServer>;
  let url = '';

  before(async () => {
    authority('ca');
    authority('other');
    certificate('server', 'ca', 'kubernetes');
    certificate('jane', 'ca', 'jane');
    const [cert, key, ca] = ['server.crt', 'server.key', 'ca.crt'].map((name) => readFileSync(file(name)));
    server = createServer(
      { cert, key, ca, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const who = (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody';
        const name = request.headers.authorization ? `${who} and ${request.headers.authorization}` : who;
        response.end(JSON.stringify({ metadata: { name } }));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  function openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  }

  function authority(name: string): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
    openssl('req', '-x509', ...key, '-out', `${name}.crt`, '-subj', `/CN=${name}`, '-days', '2');
  }

  function certificate(name: string, issuer: string, subject: string): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
    const signed = ['-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`];
    const names = ['-addext', `subjectAltName=DNS:${subject}`];
    openssl('req', '-x509', ...key, '-out', `${name}.crt`, '-subj', `/CN=${subject}`, ...names, ...signed);
  }

  /** Who the server takes us for. */
  async function whoami(cluster: Json, user: Json): Promise<string | Failure> {
    const config = {
      'current-context': 'x',
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
      clusters: [{ name: 'x', cluster: { server: url, ...cluster } }],
      users: [{ name: 'x', user }],
    };
    writeFileSync(file('config'), JSON.stringify(config));
    const found = await clusterAt({ kubeconfig: 'config' }, { host: realHost(), root: folder }, {}).get(
      kinds.Service,
      'x',
    );
    return isFailure(found) ? found : String(record(found?.['metadata'])['name']);
  }

  test('a certificate of ours, as a file beside the kubeconfig or inside it', async () => {
    const cluster = { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes' };
    assert.equal(
      await whoami(cluster, { 'client-certificate': 'jane.crt', 'client-key': 'jane.key' }),
      'jane',
    );
    const inside = { 'certificate-authority-data': data('ca.crt'), 'tls-server-name': 'kubernetes' };
    const user = { 'client-certificate-data': data('jane.crt'), 'client-key-data': data('jane.key') };
    assert.equal(await whoami(inside, { ...user, token: 't' }), 'jane and Bearer t');
  });

  test('a certificate that a plugin gives', async () => {
    const status = { clientCertificateData: text('jane.crt'), clientKeyData: text('jane.key') };
    writeFileSync(file('credential'), JSON.stringify({ kind: 'ExecCredential', status }));
    const cluster = { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes' };
    assert.equal(await whoami(cluster, { exec: { command: 'cat', args: [file('credential')] } }), 'jane');
  });

  test('a server of another authority, or of another name, is not talked to', async () => {
    const wrong = await whoami({ 'certificate-authority': 'other.crt', 'tls-server-name': 'kubernetes' }, {});
    assert(isFailure(wrong) && wrong.code === 'unreachable', JSON.stringify(wrong));
    assert.match(wrong.message, /certificate .* is not accepted/);
    assert.match(wrong.hint ?? '', /certificate-authority/);
    const unnamed = await whoami({ 'certificate-authority': 'ca.crt' }, {});
    assert(isFailure(unnamed) && unnamed.code === 'unreachable');
    assert(isFailure(await whoami({}, {})), 'the authorities of the system do not know it');
  });

  test('unless the kubeconfig says that any will do', async () => {
    assert.equal(await whoami({ 'insecure-skip-tls-verify': true }, {}), 'nobody');
    assert(isFailure(await whoami({ 'insecure-skip-tls-verify': 'yes' }, {})));
  });

  test('certificates that are missing or none say so', async () => {
    const missing = await whoami({ 'certificate-authority': 'none.crt' }, {});
    assert(isFailure(missing) && missing.code === 'file-unusable');
    assert.match(missing.message, /none\.crt, which the kubeconfig names, does not exist/);
    const cluster = { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes' };
    const none = await whoami(cluster, { 'client-certificate-data': 'AAAA', 'client-key': 'jane.key' });
    assert(isFailure(none) && none.code === 'wrong-value', JSON.stringify(none));
  });

  test('credentials do not go over the network in the clear, nor are ways tried that nobody carries on', async () => {
    const clear = await whoami({ server: 'http://cluster.example' }, { token: 't0ken' });
    assert(isFailure(clear) && clear.code === 'kubeconfig-unusable' && /in the clear/.test(clear.message));
    assert(!JSON.stringify(clear).includes('t0ken'));
    const old = await whoami({}, { 'auth-provider': { name: 'gcp' } });
    assert(isFailure(old) && old.found === 'auth-provider: gcp');
  });

  test('an OpenID token is used as long as it lasts; one that is over cannot be renewed from nothing', async () => {
    const cluster = { 'certificate-authority': 'ca.crt', 'tls-server-name': 'kubernetes' };
    const token = (exp: number) =>
      ['{}', JSON.stringify({ exp }), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
    const user = (exp: number) => ({ 'auth-provider': { name: 'oidc', config: { 'id-token': token(exp) } } });
    assert.equal(await whoami(cluster, user(4e9)), `nobody and Bearer ${token(4e9)}`);
    const over = await whoami(cluster, user(1e9));
    assert(isFailure(over) && over.code === 'not-authenticated', JSON.stringify(over));
  });

  function text(name: string): string {
    return readFileSync(file(name), 'utf8');
  }
});
