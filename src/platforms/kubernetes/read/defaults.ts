import { type Json, list, record } from '../../json.ts';

/**
 * What the apiserver fills in where a manifest says nothing, for objects that others have written. A field that
 * `compile` writes itself is not here: there it means what it says. From pkg/apis/{core,apps,batch}/v1/defaults.go.
 */
const ofContainer: Json = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  resources: {},
  securityContext: {},
};
const ofProbe: Json = { successThreshold: 1, initialDelaySeconds: 0 };
const ofPod: Json = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  enableServiceLinks: true,
};
const ofDeployment: Json = { revisionHistoryLimit: 10, paused: false, minReadySeconds: 0 };
const ofCronJob: Json = {};
const ofJob: Json = {
  completionMode: 'NonIndexed',
  podReplacementPolicy: 'TerminatingOrFailed',
  suspend: false,
};
const ofService: Json = {
  internalTrafficPolicy: 'Cluster',
  externalTrafficPolicy: 'Cluster',
  sessionAffinity: 'None',
  ipFamilyPolicy: 'SingleStack',
  allocateLoadBalancerNodePorts: true,
};
/** Chosen by the apiserver, each time anew. */
const assigned = ['clusterIP', 'clusterIPs', 'ipFamilies', 'healthCheckNodePort'];

/** A spec as somebody may have written it: without what the apiserver put in. */
export function withoutDefaults(kind: string, spec: Json): Json {
  if (kind === 'Deployment') return withTemplate(without(spec, ofDeployment));
  if (kind === 'CronJob') return cronJob(spec);
  if (kind === 'Service') return service(spec);
  return spec;
}

function cronJob(spec: Json): Json {
  const template = record(spec['jobTemplate']);
  const { metadata, spec: job, ...rest } = template;
  const cleaned = {
    ...rest,
    ...meta(metadata),
    spec: withTemplate(without(record(job), ofJob), graceOfCron),
  };
  return { ...without(spec, ofCronJob), jobTemplate: cleaned };
}

/** compile says nothing about the end of a cron's pod, and does about that of a service's. */
const graceOfCron: Json = { terminationGracePeriodSeconds: 30 };

function withTemplate(spec: Json, more: Json = {}): Json {
  if (spec['template'] === undefined) return spec;
  const { metadata, spec: pod } = record(spec['template']);
  return { ...spec, template: { ...meta(metadata), spec: cleanPod(record(pod), { ...ofPod, ...more }) } };
}

function cleanPod(pod: Json, defaults: Json): Json {
  const { serviceAccount: _, ...rest } = without(pod, defaults); // the old name of serviceAccountName
  const containers = list(pod['containers']).map(cleanContainer);
  const init = list(pod['initContainers']).map(cleanContainer);
  return { ...rest, containers, ...(init.length > 0 ? { initContainers: init } : {}) };
}

const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

function cleanContainer(container: Json): Json {
  const policy = pullPolicy(String(container['image'] ?? ''));
  const cleaned: Record<string, unknown> = {
    ...without(container, { ...ofContainer, imagePullPolicy: policy }),
  };
  for (const name of probes) {
    if (container[name] !== undefined) cleaned[name] = cleanProbe(record(container[name]));
  }
  if (Array.isArray(cleaned['env'])) cleaned['env'] = byName(list(cleaned['env']).map(cleanVariable));
  return cleaned;
}

/** By name, as compile has them. */
export function byName(items: readonly Json[]): readonly Json[] {
  return items.toSorted((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
}

/** An empty value is left out in what the apiserver answers. */
function cleanVariable(variable: Json): Json {
  return without(variable, { value: '' });
}

function cleanProbe(probe: Json): Json {
  const cleaned = without(probe, ofProbe);
  if (cleaned['httpGet'] === undefined) return cleaned;
  return { ...cleaned, httpGet: without(record(cleaned['httpGet']), { scheme: 'HTTP' }) };
}

function pullPolicy(image: string): string {
  const tag = /:([^:/@]+)$/.exec(image)?.[1];
  return !image.includes('@') && (tag === undefined || tag === 'latest') ? 'Always' : 'IfNotPresent';
}

function service(spec: Json): Json {
  const kept = Object.entries(without(spec, ofService)).filter(([key]) => !assigned.includes(key));
  const ports = list(spec['ports']).map(({ nodePort: _, ...port }) => port);
  return { ...Object.fromEntries(kept), ...(ports.length > 0 ? { ports } : {}) };
}

/** Metadata of a template without the empty timestamp that every object has. */
function meta(metadata: unknown): Json {
  const { creationTimestamp: _, ...rest } = record(metadata);
  return metadata === undefined ? {} : { metadata: rest };
}

function without(value: Json, defaults: Json): Json {
  const kept = Object.entries(value).filter(([key, item]) => !isDefault(item, defaults[key]));
  return kept.length === Object.keys(value).length ? value : Object.fromEntries(kept);
}

function isDefault(value: unknown, filled: unknown): boolean {
  if (filled === undefined) return false;
  if (typeof filled !== 'object') return value === filled;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
