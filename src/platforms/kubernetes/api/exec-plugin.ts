import { spawn } from 'node:child_process';
import type { RequestOptions } from 'node:https';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import { type Failure, fail } from '../../../model/failure.ts';
import { record, text } from '../../json.ts';
import type { Credentials, Source } from './identity.ts';

/** Longest time that a plugin may take, ms; one that waits for a person would wait for ever. */
const timeoutMs = 60_000;

/**
 * Credentials that a program gives: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * It is asked again when what it gave is over, or refused.
 */
export function execPlugin(user: User, cluster: Cluster): Source {
  let plugin:
    | Promise<{ applyAuthentication(user: User, options: RequestOptions): Promise<void> }>
    | undefined;
  return async (fresh) => {
    if (text(record(user.exec)['interactiveMode']) === 'Always') return wantsPerson(user);
    if (fresh) plugin = undefined;
    plugin ??= newPlugin();
    const options: RequestOptions = {};
    try {
      await (await plugin).applyAuthentication(told(user, cluster), options);
    } catch (error) {
      return failed(user, error);
    }
    return credentialsIn(options) ?? gaveNothing(user);
  };
}

/**
 * The client leaves a plugin's input open and waits for it for ever. It has no public way to change that; should it
 * ever lose this private one, a test of a plugin that reads fails.
 */
async function newPlugin() {
  const { ExecAuth } = await import('@kubernetes/client-node/dist/exec_auth.js');
  const plugin = new ExecAuth();
  Reflect.set(plugin, 'execFn', spawnQuietly);
  return plugin;
}

/** Node's own timeout for a child keeps the process alive where the program is not there. */
function spawnQuietly(command: string, args: readonly string[] = [], options: object = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const late = setTimeout(() => child.kill(), timeoutMs);
  for (const end of ['close', 'error']) child.once(end, () => clearTimeout(late));
  return child;
}

/** What a plugin is told about us, in the environment: that nobody is there to answer, and which cluster it is for. */
function told(user: User, cluster: Cluster): User {
  const exec = record(user.exec);
  const about = exec['provideClusterInfo'] === true ? { cluster: clusterInfo(cluster) } : {};
  const info = {
    apiVersion: exec['apiVersion'],
    kind: 'ExecCredential',
    spec: { interactive: false, ...about },
  };
  const given = Array.isArray(exec['env']) ? exec['env'] : [];
  const env = [...given, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }];
  return { ...user, exec: { ...exec, env } };
}

function clusterInfo({ server, tlsServerName, skipTLSVerify, caData }: Cluster) {
  return {
    server,
    ...(tlsServerName === undefined ? {} : { 'tls-server-name': tlsServerName }),
    ...(skipTLSVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(caData === undefined ? {} : { 'certificate-authority-data': caData }),
  };
}

function credentialsIn({ headers, cert, key }: RequestOptions): Credentials | undefined {
  const authorization = text(record(headers)['Authorization']);
  if (authorization === undefined && cert === undefined) return undefined;
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(cert === undefined ? {} : { cert: String(cert) }),
    ...(key === undefined ? {} : { key: String(key) }),
  };
}

function failed(user: User, error: unknown): Failure {
  const { message, code } = error as NodeJS.ErrnoException;
  const exec = record(user.exec);
  const hint = text(exec['installHint']);
  const reason = code === 'ENOENT' ? 'it is not installed' : (message || 'it said nothing').trim();
  return fail('not-authenticated', `The credential plugin \`${exec['command']}\` of ${user.name} failed.`, {
    found: reason.split('\n').slice(-5).join('; '),
    ...(hint === undefined ? {} : { hint: hint.trim() }),
  });
}

function gaveNothing(user: User): Failure {
  const message = `The credential plugin \`${record(user.exec)['command']}\` of ${user.name} gave no credentials.`;
  return fail('not-authenticated', message, {
    expected: 'an ExecCredential with `status.token` or a certificate',
  });
}

function wantsPerson(user: User): Failure {
  const message = `The credential plugin \`${record(user.exec)['command']}\` of ${user.name} wants to ask a person.`;
  return fail('not-authenticated', message, {
    found: 'interactiveMode: Always',
    expected: 'Never or IfAvailable',
  });
}
