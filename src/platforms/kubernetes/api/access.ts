import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import type { Clock, Files, Tls } from '../../../host/host.ts';
import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import { record, text } from '../../json.ts';
import { execPlugin } from './exec-plugin.ts';
import { type Credentials, type Identities, identities, type Source } from './identity.ts';
import type { Entry } from './kubeconfig.ts';
import { oidc } from './oidc.ts';

/** How long a token out of a file is believed, ms; whoever rotates one leaves the old one good for longer. */
const believedMs = 60_000;

/** Who we are to the cluster of a context. Fails with `file-unusable`, `kubeconfig-unusable`. */
export function accessTo(
  entry: Entry,
  { clock, files }: { clock: Clock; files: Files },
): Identities | Failure {
  const tls = entry.cluster.server.startsWith('https:') ? serverSide(entry.cluster, files) : undefined;
  if (isFailure(tls)) return tls;
  const source = sourceOf(entry, clock, files);
  if (isFailure(source)) return source;
  const open = tls || isLoopback(entry.cluster.server) ? undefined : inTheClear(entry);
  return (
    open ?? identities(source, { headers: { 'user-agent': 'rehome', ...entry.as }, ...(tls ? { tls } : {}) })
  );
}

function serverSide({ caData, caFile, tlsServerName, skipTLSVerify }: Cluster, files: Files): Tls | Failure {
  const ca = pem(caData, caFile, files);
  if (isFailure(ca)) return ca;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(tlsServerName === undefined ? {} : { serverName: tlsServerName }),
    ...(skipTLSVerify ? { insecure: true as const } : {}),
  };
}

/** A token in a file goes before one in the kubeconfig, and any token before other ways; a certificate goes along. */
function sourceOf(entry: Entry, clock: Clock, files: Files): Source | Failure {
  const { user, tokenFile, cluster } = entry;
  if (tokenFile !== undefined) return withCertificate(user, files, tokenIn(tokenFile, clock, files));
  if (user.token) return withCertificate(user, files, always(`Bearer ${user.token.trim()}`));
  if (user.exec) return execPlugin(user, cluster);
  if (user.authProvider) {
    return text(record(user.authProvider)['name']) === 'oidc' ? oidc(user) : unknownProvider(user);
  }
  if (user.username) return withCertificate(user, files, always(basic(user)));
  return withCertificate(user, files, async () => ({}));
}

function always(authorization: string): Source {
  return async () => ({ authorization });
}

function basic({ username, password }: User): string {
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

function tokenIn(path: string, clock: Clock, files: Files): Source {
  let known: Credentials | undefined;
  let readAt = 0;
  return async (fresh) => {
    if (known && !fresh && clock.now() - readAt < believedMs) return known;
    const token = files.read(path);
    if (isFailure(token)) return token;
    if (token === undefined || token.trim() === '') {
      return fail(
        'not-authenticated',
        `The token file ${path} ${token === undefined ? 'does not exist' : 'is empty'}.`,
      );
    }
    known = { authorization: `Bearer ${token.trim()}` };
    readAt = clock.now();
    return known;
  };
}

/** Certificates in files may be renewed by others while we run. */
function withCertificate(user: User, files: Files, source: Source): Source {
  let known: Credentials | undefined;
  return async (fresh) => {
    if (!known || fresh) {
      const read = certificateOf(user, files);
      if (isFailure(read)) return read;
      known = read;
    }
    const more = await source(fresh);
    return isFailure(more) ? more : { ...more, ...known };
  };
}

function certificateOf(user: User, files: Files): Credentials | Failure {
  const cert = pem(user.certData, user.certFile, files);
  if (isFailure(cert)) return cert;
  const key = pem(user.keyData, user.keyFile, files);
  if (isFailure(key)) return key;
  return { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

/** Data in the kubeconfig goes before a file. */
function pem(data: string | undefined, path: string | undefined, files: Files): string | undefined | Failure {
  if (data) return Buffer.from(data, 'base64').toString();
  if (!path) return undefined;
  return files.read(path) ?? fail('file-unusable', `${path}, which the kubeconfig names, does not exist.`);
}

function unknownProvider(user: User): Failure {
  const name = text(record(user.authProvider)['name']) ?? '';
  return fail('kubeconfig-unusable', `The user ${user.name} has an auth provider that nobody carries on.`, {
    found: `auth-provider: ${name}`,
    expected: 'oidc, or an `exec` plugin',
    hint: 'let the tool of your cluster write the kubeconfig again (gke-gcloud-auth-plugin, kubelogin)',
  });
}

function isLoopback(server: string): boolean {
  return /^(localhost|127\.|\[::1\])/.test(URL.parse(server)?.hostname ?? '');
}

/** Whoever listens on the way would be us from then on. */
function inTheClear({ cluster, user, tokenFile }: Entry): Failure | undefined {
  if (!tokenFile && !user.token && !user.exec && !user.authProvider && !user.username) return undefined;
  return fail(
    'kubeconfig-unusable',
    `The credentials of ${user.name} would go to ${cluster.server} in the clear.`,
    {
      expected: 'https://',
    },
  );
}
