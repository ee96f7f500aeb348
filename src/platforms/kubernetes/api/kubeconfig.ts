import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import type { Files } from '../../../host/host.ts';
import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import { suggest } from '../../../model/nearest.ts';
import { text } from '../../json.ts';
import { inPod } from './in-pod.ts';
import { emptyConfig, type KubeConfig, merged, parseKubeconfig } from './kubeconfig-file.ts';

/** One context: a cluster, and who we are to it. Paths are absolute. */
export interface Entry {
  /** Undefined inside a pod. */
  readonly context?: string;
  readonly namespace?: string;
  readonly cluster: Cluster;
  readonly user: User;
  /** File with a token that may change at any time. */
  readonly tokenFile?: string;
  /** For whom we ask, where that is somebody else. */
  readonly as: Readonly<Record<string, string>>;
}

export interface Wanted {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface Surroundings {
  readonly files: Files;
  /** Where relative paths of settings start. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The context of a home: of the file that it names, else of all in $KUBECONFIG, else of ~/.kube/config, else what a
 * pod is given. Fails with `kubeconfig-unusable`, `unknown-context`, `file-unusable`.
 */
export async function findEntry(wanted: Wanted, around: Surroundings): Promise<Entry | Failure> {
  const paths = pathsOf(wanted, around);
  const found = paths.filter((path) => around.files.exists(path));
  if (found.length === 0 && isImplicit(wanted, around)) {
    const pod = inPod(around);
    if (pod) return pod;
  }
  if (found.length === 0) return nowhere(paths);
  let config: KubeConfig = emptyConfig;
  for (const path of found) {
    const more = await parseKubeconfig(path, around.files);
    if (isFailure(more)) return more;
    config = merged(config, more);
  }
  return pick(config, wanted.context, found.join(', '));
}

function pathsOf({ kubeconfig }: Wanted, { root, env }: Surroundings): readonly string[] {
  const home = env['HOME'] ?? homedir();
  if (kubeconfig !== undefined) return [resolve(root, kubeconfig.replace(/^~(?=\/)/, home))];
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? listed : [join(home, '.kube/config')];
}

function isImplicit({ kubeconfig, context }: Wanted, { env }: Surroundings): boolean {
  return kubeconfig === undefined && context === undefined && !env['KUBECONFIG'];
}

function nowhere(paths: readonly string[]): Failure {
  return fail('kubeconfig-unusable', `There is no kubeconfig: ${paths.join(', ')} does not exist.`, {
    hint: 'name it with `kubeconfig:` at the home, or in $KUBECONFIG',
  });
}

function pick(config: KubeConfig, wanted: string | undefined, where: string): Entry | Failure {
  const name = wanted ?? config.current;
  if (name === undefined) {
    return fail('kubeconfig-unusable', `${where} has no current context.`, {
      expected: known(config.contexts),
      hint: 'name one with `context:` at the home',
    });
  }
  const context = config.contexts.find((one) => one.name === name);
  if (!context) return unknownContext(name, config, where);
  const cluster = config.clusters.find((one) => one.name === context.cluster);
  if (!cluster) return incomplete(name, 'cluster', context.cluster, where, config.clusters);
  const user =
    context.user === undefined ? { name: '' } : config.users.find((one) => one.name === context.user);
  if (!user) return incomplete(name, 'user', context.user, where, config.users);
  if (cluster.proxyUrl !== undefined) return proxied(cluster.name, cluster.proxyUrl, where);
  const raw = config.raw.get(user.name) ?? {};
  const as = impersonation(raw, user.name, where);
  if (isFailure(as)) return as;
  const tokenFile = text(raw['tokenFile']);
  return {
    context: name,
    ...(context.namespace === undefined ? {} : { namespace: context.namespace }),
    cluster,
    user,
    ...(tokenFile === undefined ? {} : { tokenFile }),
    as,
  };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonation(
  raw: Readonly<Record<string, unknown>>,
  user: string,
  where: string,
): Readonly<Record<string, string>> | Failure {
  const groups = Array.isArray(raw['as-groups']) ? raw['as-groups'].map(String) : [];
  if (groups.length > 1 || raw['as-user-extra'] !== undefined) {
    const found = groups.length > 1 ? `as-groups: ${groups.join(', ')}` : 'as-user-extra';
    return fail(
      'kubeconfig-unusable',
      `The user ${user} of ${where} asks for somebody in a way rehome cannot.`,
      {
        found,
        expected: 'as, as-uid, and one of as-groups',
      },
    );
  }
  const headers = {
    'impersonate-user': text(raw['as']),
    'impersonate-uid': text(raw['as-uid']),
    'impersonate-group': groups[0],
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function unknownContext(name: string, config: KubeConfig, where: string): Failure {
  const hint = suggest(
    name,
    config.contexts.map((one) => one.name),
  );
  return fail('unknown-context', `${where} has no context \`${name}\`.`, {
    found: name,
    expected: known(config.contexts),
    ...(hint === undefined ? {} : { hint }),
  });
}

function incomplete(
  context: string,
  kind: 'cluster' | 'user',
  name: string,
  where: string,
  there: readonly { readonly name: string }[],
): Failure {
  const message = `The context \`${context}\` of ${where} names the ${kind} \`${name}\`, which is not there or not whole.`;
  return fail('kubeconfig-unusable', message, { found: name, expected: known(there) });
}

function proxied(cluster: string, found: string, where: string): Failure {
  const message = `The cluster \`${cluster}\` of ${where} is reached through a proxy, which rehome does not do.`;
  return fail('kubeconfig-unusable', message, {
    found: `proxy-url: ${URL.parse(found)?.origin ?? found}`,
    hint: 'give the home a context without `proxy-url`, say through a tunnel of your own',
  });
}

function known(there: readonly { readonly name: string }[]): string {
  return there.map(({ name }) => name).join(', ') || 'none is there';
}
