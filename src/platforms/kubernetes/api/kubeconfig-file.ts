import { dirname, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import type { Files } from '../../../host/host.ts';
import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import { type Json, list, record, text } from '../../json.ts';

/** What kubeconfigs say together. */
export interface KubeConfig {
  readonly current?: string;
  readonly contexts: readonly Context[];
  readonly clusters: readonly Cluster[];
  readonly users: readonly User[];
  /** Users in the file's own words, by name: what the client's types leave out. */
  readonly raw: ReadonlyMap<string, Json>;
}

export const emptyConfig: KubeConfig = { contexts: [], clusters: [], users: [], raw: new Map() };

/** Of two with one name, the first is meant, as with kubectl. */
export function merged(first: KubeConfig, second: KubeConfig): KubeConfig {
  const current = first.current ?? second.current;
  return {
    ...(current === undefined ? {} : { current }),
    contexts: [...first.contexts, ...second.contexts],
    clusters: [...first.clusters, ...second.clusters],
    users: [...first.users, ...second.users],
    raw: new Map([...second.raw, ...first.raw]),
  };
}

/** One file; relative paths in it start at its own folder. */
export async function parseKubeconfig(path: string, files: Files): Promise<KubeConfig | Failure> {
  const content = files.read(path);
  if (isFailure(content)) return content;
  const parsed = await parseYaml(content ?? '', path);
  if (isFailure(parsed)) return parsed;
  const folder = dirname(path);
  const clusters = named(parsed['clusters'], 'cluster', (body) =>
    absolute(body, folder, ['certificate-authority']),
  );
  const users = named(parsed['users'], 'user', (body) => ofUser(body, folder));
  const types = await import('@kubernetes/client-node/dist/config_types.js');
  const options = { onInvalidEntry: types.ActionOnInvalid.FILTER };
  const current = text(parsed['current-context']);
  return {
    ...(current ? { current } : {}),
    contexts: types.newContexts(parsed['contexts'], options),
    clusters: types.newClusters(clusters, options),
    users: types.newUsers(users, options),
    raw: new Map(users.map(({ name, user }) => [String(name), record(user)])),
  };
}

async function parseYaml(content: string, path: string): Promise<Json | Failure> {
  const { parse } = await import('yaml');
  try {
    return record(parse(content));
  } catch (error) {
    const found = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return fail('kubeconfig-unusable', `The kubeconfig ${path} is not valid YAML.`, { found: found ?? '' });
  }
}

function named(value: unknown, key: string, change: (body: Json) => Json): readonly Json[] {
  return list(value).map((one) => ({ ...one, [key]: change(record(one[key])) }));
}

function ofUser(body: Json, folder: string): Json {
  const command = text(record(body['exec'])['command']);
  const exec =
    command?.includes('/') === true
      ? { exec: { ...record(body['exec']), command: resolve(folder, command) } }
      : {};
  return { ...absolute(body, folder, ['client-certificate', 'client-key', 'tokenFile']), ...exec };
}

function absolute(body: Json, folder: string, keys: readonly string[]): Json {
  const paths = keys.flatMap((key) => {
    const path = text(body[key]);
    return path ? [[key, resolve(folder, path)] as const] : [];
  });
  return { ...body, ...Object.fromEntries(paths) };
}
