import { type Failure, isFailure } from '../../../model/failure.ts';
import { list, number, record } from '../../json.ts';
import type { News } from '../../listener.ts';
import type { Endpoint } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { kinds, others } from '../kinds.ts';
import { deploymentName, podsName, serviceName } from '../names.ts';
import type { Live } from './live.ts';
import { type Pod, podOf } from './pod.ts';
import { ofApp, subject } from './selectors.ts';

/** Without watches the pods are listed this often, ms; with them now and then all the same. */
const pollMs = 500;
const refreshMs = 30_000;

/**
 * See `Home.endpoints`. A pod that is told to end goes on serving for as long as the home's `drain`, so leaving
 * the list first is enough for its requests to end well.
 */
export async function* endpoints(
  { cluster, clock, listener, target }: Live,
  app: string,
  signal: AbortSignal,
): AsyncIterable<readonly Endpoint[] | Failure> {
  const name = subject(app);
  let told: string | undefined;
  let isStale = true;
  let wake = new AbortController();
  const stop = listener.listen((news) => {
    if (!concerns(news, name)) return;
    isStale = true;
    wake.abort();
  });
  try {
    while (!signal.aborted) {
      isStale = false;
      const now = await look({ cluster, target }, app, signal);
      if (signal.aborted) return;
      const written = JSON.stringify(now);
      if (isFailure(now) || written !== told) yield now;
      // After a silence the list is told again, even where it is the one before.
      told = isFailure(now) ? undefined : written;
      if (isStale && !isFailure(now)) continue;
      wake = new AbortController();
      const ms = listener.connected() && !isFailure(now) ? refreshMs : pollMs;
      await clock.sleep(ms, AbortSignal.any([signal, wake.signal]));
    }
  } finally {
    stop();
  }
}

function concerns(news: News, name: string): boolean {
  return news.type !== 'event' || news.subjects.includes(name);
}

async function look(
  { cluster, target }: Pick<Live, 'cluster' | 'target'>,
  app: string,
  signal: AbortSignal,
): Promise<readonly Endpoint[] | Failure> {
  const found = await cluster.list(others.Pod, { labels: ofApp(app), signal });
  if (isFailure(found)) return found;
  const serving = found
    .map(podOf)
    .filter((pod) => isServing(pod) && isOfDeployment(pod, deploymentName(app)));
  if (target.settings.service !== 'NodePort') return serving.flatMap(ownEndpoint);
  return await onNodes(cluster, app, serving, signal);
}

/** A Deployment's name is that of its ReplicaSets, but for a hash at the end. */
function isOfDeployment({ ownerKind, ownerName }: Pod, deployment: string): boolean {
  return ownerKind === 'ReplicaSet' && ownerName.replace(/-[^-]*$/, '') === deployment;
}

function isServing({ isReady, isEnding, phase }: Pod): boolean {
  return isReady && !isEnding && phase === 'Running';
}

function ownEndpoint({ name, ip, spec }: Pod): readonly Endpoint[] {
  const ports = list(spec['containers']).flatMap((container) => list(container['ports']));
  const named = ports.find((port) => port['name'] === 'http') ?? ports[0];
  const port = number(named?.['containerPort']);
  return ip === undefined || port === undefined ? [] : [{ id: name, host: ip, port }];
}

/**
 * The nodes that bear a ready pod, at the Service's port on them. They are told by the pods: nodes are nobody's
 * namespace, and most of those who deploy may not list them.
 */
async function onNodes(
  cluster: Cluster,
  app: string,
  pods: readonly Pod[],
  signal: AbortSignal,
): Promise<readonly Endpoint[] | Failure> {
  if (pods.length === 0) return [];
  for (const name of [podsName(app), serviceName(app)]) {
    const service = await cluster.get(kinds.Service, name, signal);
    if (isFailure(service)) return service;
    const port = list(record(service?.['spec'])['ports']).map((one) => number(one['nodePort']))[0];
    if (port === undefined) continue;
    const nodes = [...new Set(pods.flatMap(({ hostIp }) => hostIp ?? []))].sort();
    return nodes.map((host) => ({ id: `${host}:${port}`, host, port }));
  }
  return [];
}
