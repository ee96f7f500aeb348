import { resolve } from 'node:path';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Access } from '../api.ts';
import type { ConnectContext } from '../platform.ts';
import type { MesosSettings } from './settings.ts';

/** Credentials and the certificate authority of a home, looked up once, when they are first needed. */
export function accessTo(settings: MesosSettings, context: ConnectContext): () => Access | Failure {
  let known: Access | Failure | undefined;
  return () => {
    known ??= lookUp(settings, context);
    return known;
  };
}

function lookUp(settings: MesosSettings, context: ConnectContext): Access | Failure {
  const authorization = authorizationOf(settings, context);
  if (isFailure(authorization)) return authorization;
  const ca = certificateOf(settings, context);
  if (isFailure(ca)) return ca;
  return { headers: authorization ? { authorization } : {}, ...(ca ? { tls: { ca } } : {}) };
}

/** DC/OS takes tokens as `token=…`; Marathon by itself knows users only. */
function authorizationOf(settings: MesosSettings, context: ConnectContext): string | undefined | Failure {
  const [token, user, password] = [settings.token, settings.user, settings.password].map((value) =>
    value === undefined ? undefined : revealed(value, context),
  );
  const failure = [token, user, password].find(isFailure);
  if (failure) return failure;
  if (token !== undefined) return `token=${token}`;
  if (user === undefined) return undefined;
  return `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
}

function revealed(value: string, { reveal }: ConnectContext): string | Failure {
  return /^(env|file|exec):/.test(value) ? reveal({ kind: 'Secret', ref: value }) : value;
}

function certificateOf({ ca }: MesosSettings, { host, root }: ConnectContext): string | undefined | Failure {
  if (ca === undefined) return undefined;
  const path = resolve(root, ca);
  const pem = host.files.read(path);
  return pem ?? fail('file-unusable', `The certificate authority ${path} does not exist.`);
}
