import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Answer } from '../../../../test/lab/kubernetes/api.ts';
import { box, must, releaseOf, reveal } from '../../../../test/suites/platform/under-test.ts';
import { openNamespace, testCluster } from '../../../../test/support/kubernetes.ts';
import { realHost } from '../../../host/real.ts';
import type { App, Cron } from '../../../model/app.ts';
import type { Failure } from '../../../model/failure.ts';
import type { Change } from '../../../model/native.ts';
import { diff } from '../../../plan/diff.ts';
import { type Json, list, record, text } from '../../json.ts';
import type { Home, Target } from '../../platform.ts';
import { clusterAt } from '../api/cluster-at.ts';
import { kubernetes } from '../platform.ts';
import type { KubernetesSettings } from '../settings.ts';

export type WrittenHome = Awaited<ReturnType<typeof openHome>>;

/** A namespace of its own on the test cluster, and what tests of writing do in it. */
export async function openHome(
  more: { readonly labels?: Readonly<Record<string, string>>; readonly settings?: Json } = {},
) {
  const place = await openPlace(more);
  const home = connected(place.settings);

  function connected(settings: KubernetesSettings): Home {
    const context = { host: realHost(), environment: 'test1', home: 'k8s', root: '/', reveal };
    return kubernetes.connect(settings, context);
  }

  async function plan(app: App | undefined, name = app?.name ?? '', target: Partial<Target> = {}) {
    const whole = { environment: 'test1', home: 'k8s', settings: place.settings, ...target } as const;
    const wanted = app ? kubernetes.compile(app, whole as Target<KubernetesSettings>).objects : [];
    const live = must(await home.observe({ app: name, names: wanted.map(({ kind, id }) => ({ kind, id })) }));
    const managed = live.map((object) => kubernetes.managed(object));
    return must(diff(wanted, managed, { home: 'k8s', reveal }));
  }

  const released = (app: App | undefined, name: string, deployment: string) => ({
    release: app ? releaseOf(app, deployment) : { app: name, version: '', deployment, fingerprint: '' },
    reveal,
  });

  async function write(
    app: App | undefined,
    changes: readonly Change[],
    { name = app?.name ?? '', deployment = 'd1', by = home }: WriteOptions = {},
  ): Promise<undefined | Failure> {
    return await by.apply(changes, released(app, name, deployment));
  }

  async function rehearse(app: App, changes: readonly Change[], by = home) {
    return (await by.rehearse?.(changes, released(app, app.name, 'd1'))) ?? changes;
  }

  /** Plans and writes; fails where that does. */
  async function deploy(app: App | undefined, options: WriteOptions = {}): Promise<readonly Change[]> {
    const changes = await plan(app, options.name);
    must(await write(app, changes, options));
    return changes;
  }

  /** Versions of all objects of some kinds, by kind and name: they change with every write. */
  async function versions(): Promise<Readonly<Record<string, string>>> {
    const live = must(await home.observe({}));
    return Object.fromEntries(
      live.map(({ kind, id, body }) => [
        `${kind} ${id}`,
        String(record(body['metadata'])['resourceVersion']),
      ]),
    );
  }

  /** One live object, as its API gives it. */
  async function live(path: string): Promise<Json> {
    return record((await place.ask('GET', path)).body);
  }

  /** A token of a service account that may do what `rules` say. */
  async function tokenOf(account: string, rules: readonly Json[]): Promise<string> {
    const metadata = { name: account };
    await place.ask('POST', 'serviceaccounts', { metadata });
    await place.ask('POST', 'roles', { metadata, rules });
    await place.ask('POST', 'rolebindings', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: place.namespace }],
    });
    const spec = { expirationSeconds: 600 };
    const answer = await place.ask('POST', `serviceaccounts/${account}/token`, { spec });
    return text(record(record(answer.body)['status'])['token']) ?? assert.fail(JSON.stringify(answer.body));
  }

  /** The same home, as a service account that may do what `rules` say. */
  async function connectedAs(account: string, rules: readonly Json[]): Promise<Home> {
    const user = { token: await tokenOf(account, rules) };
    const { kubeconfig = '', context, ...settings } = place.settings;
    const config = record(parse(readFileSync(kubeconfig, 'utf8')));
    const there = list(config['contexts']).find(({ name }) => name === context);
    const names = { ...record(there?.['context']), user: account };
    const path = join(mkdtempSync(join(tmpdir(), 'rehome-as-')), 'config');
    files.push(dirname(path));
    const contexts = [{ name: account, context: names }];
    const users = [{ name: account, user }];
    writeFileSync(
      path,
      JSON.stringify({ clusters: config['clusters'], contexts, users, 'current-context': account }),
    );
    return connected({ ...settings, kubeconfig: path });
  }

  const files: string[] = [];
  async function stop(): Promise<void> {
    for (const folder of files) rmSync(folder, { recursive: true });
    await place.stop();
  }

  return {
    ...place,
    stop,
    connectedAs,
    home,
    connected,
    plan,
    write,
    rehearse,
    deploy,
    versions,
    live,
    tokenOf,
  };
}

async function openPlace({
  labels = {},
  settings: more = {},
}: {
  readonly labels?: Readonly<Record<string, string>>;
  readonly settings?: Json;
}) {
  const cluster = testCluster();
  if ('reason' in cluster) assert.fail(cluster.reason);
  const ends: (() => unknown)[] = [];
  const after = (end: unknown) => void ends.push(end as () => unknown);
  const { name: namespace, api } = await openNamespace({ after }, cluster, labels);
  const { kubeconfig, context } = cluster;
  const settings = kubernetes.settings.parse({ kubeconfig, context, namespace, ...more });

  /** What somebody else does: a path of the API, or what stands in the namespace, `deployments/hcn-deployment`. */
  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const whole = path.startsWith('/') ? path : `${groupOf(path)}/namespaces/${namespace}/${path}`;
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return await api.ask(method, `${whole}?fieldManager=kubectl-edit`, body, type);
  }

  const stop = async () => {
    for (const end of ends) await end();
  };
  return { settings, namespace, ask, stop, cluster: clusterAt(settings, { host: realHost(), root: '/' }) };
}

const groups: Readonly<Record<string, string>> = {
  deployments: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  cronjobs: '/apis/batch/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  roles: '/apis/rbac.authorization.k8s.io/v1',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1',
};

function groupOf(path: string): string {
  return groups[path.split('/')[0] ?? ''] ?? '/api/v1';
}

export interface WriteOptions {
  readonly name?: string;
  readonly deployment?: string;
  readonly by?: Home;
}

/** An app with a cron and a secret, none of which runs. */
export function quiet(name: string, version = '1.0.0', more: Partial<App> = {}): App {
  const app = box(name, { instances: 0 }, { version });
  const services = app.services.map((service) => ({
    ...service,
    env: { ...service.env, TOKEN: { kind: 'Secret', ref: 'env:TOKEN' } as const },
  }));
  return { ...app, services, crons: [cron(`${name}-tick`, version)], ...more };
}

export function cron(name: string, version = '1.0.0'): Cron {
  return {
    kind: 'Cron',
    name,
    image: `test/box:${version}`,
    command: 'true',
    env: {},
    resources: { cpus: 0.1, memory: 64, cpuLimit: 'soft' },
    schedule: { cron: '0 0 1 1 *', timezone: 'Etc/UTC' },
    concurrent: false,
    retries: 0,
  };
}

/** Field managers of an object, with what they did. */
export function managersOf(live: Json): readonly string[] {
  return list(record(live['metadata'])['managedFields']).map(
    ({ manager, operation }) => `${manager} ${operation}`,
  );
}
