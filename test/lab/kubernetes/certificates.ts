import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addresses, nodeName } from './places.ts';

/** Files of the cluster's own certificate authority, and of whom it vouches for. */
export function certificatePaths(folder: string) {
  const pair = (name: string) => ({ cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) });
  return {
    ca: pair('ca'),
    server: pair('server'),
    admin: pair('admin'),
    accounts: { public: join(folder, 'accounts.pub'), private: join(folder, 'accounts.key') },
    /** Static tokens: `token,user,uid,"group"`. */
    tokens: join(folder, 'tokens.csv'),
  } as const;
}

/** Makes them all anew. The admin has a client certificate, as kubeadm gives one, and a token as well. */
export function makeCertificates(folder: string): { readonly token: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const paths = certificatePaths(folder);
  const rules = join(folder, 'openssl.cnf');
  writeFileSync(rules, extensions);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = (path: string) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path);

  key(paths.ca.key);
  const authority = ['-x509', '-new', '-key', paths.ca.key, '-subj', '/CN=rehome-lab', '-extensions', 'ca'];
  openssl('req', ...authority, '-config', rules, '-days', '3650', '-out', paths.ca.cert);

  const vouch = (name: 'server' | 'admin', subject: string) => {
    const { cert, key: own } = paths[name];
    const wish = join(folder, `${name}.csr`);
    key(own);
    openssl('req', '-new', '-key', own, '-subj', subject, '-config', rules, '-out', wish);
    const by = [
      '-CA',
      paths.ca.cert,
      '-CAkey',
      paths.ca.key,
      '-set_serial',
      `0x${randomBytes(8).toString('hex')}`,
    ];
    openssl(
      'x509',
      '-req',
      '-in',
      wish,
      ...by,
      '-days',
      '3650',
      '-extfile',
      rules,
      '-extensions',
      name,
      '-out',
      cert,
    );
  };
  vouch('server', `/CN=${nodeName}`);
  vouch('admin', '/O=system:masters/CN=lab-admin');

  const pair = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  writeFileSync(paths.accounts.public, pair.publicKey);
  writeFileSync(paths.accounts.private, pair.privateKey, { mode: 0o600 });
  const token = randomBytes(24).toString('base64url');
  writeFileSync(paths.tokens, `${token},lab-token,lab-token,"system:masters"\n`, { mode: 0o600 });
  return { token };
}

/** With context `lab` for the client certificate, and `token` for the token. */
export function kubeconfig(folder: string, server: string, token: string): string {
  const paths = certificatePaths(folder);
  const data = (path: string) => readFileSync(path).toString('base64');
  const context = (name: string) => ({ name, context: { cluster: 'lab', user: name, namespace: 'default' } });
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'lab', cluster: { server, 'certificate-authority-data': data(paths.ca.cert) } }],
      users: [
        {
          name: 'lab',
          user: {
            'client-certificate-data': data(paths.admin.cert),
            'client-key-data': data(paths.admin.key),
          },
        },
        { name: 'token', user: { token } },
      ],
      contexts: [context('lab'), context('token')],
      'current-context': 'lab',
    },
    undefined,
    2,
  );
}

const names = [
  nodeName,
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];
const numbers = [addresses.bridge, addresses.firstService, addresses.private, '127.0.0.1'];

const extensions = `[req]
distinguished_name = subject
[subject]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = ${[...names.map((name) => `DNS:${name}`), ...numbers.map((one) => `IP:${one}`)].join(', ')}
[admin]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
`;
