/** A kind of object that rehome writes or looks at, as its API names it. */
export interface Kind {
  readonly kind: string;
  readonly apiVersion: string;
  /** Last part of its address: `deployments`. */
  readonly plural: string;
  /** Belongs to no namespace. */
  readonly clusterWide?: true;
}

export const kinds = {
  Secret: { kind: 'Secret', apiVersion: 'v1', plural: 'secrets' },
  Service: { kind: 'Service', apiVersion: 'v1', plural: 'services' },
  EndpointSlice: { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices' },
  Deployment: { kind: 'Deployment', apiVersion: 'apps/v1', plural: 'deployments' },
  PodDisruptionBudget: {
    kind: 'PodDisruptionBudget',
    apiVersion: 'policy/v1',
    plural: 'poddisruptionbudgets',
  },
  CronJob: { kind: 'CronJob', apiVersion: 'batch/v1', plural: 'cronjobs' },
  Ingress: { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1', plural: 'ingresses' },
  HTTPRoute: { kind: 'HTTPRoute', apiVersion: 'gateway.networking.k8s.io/v1', plural: 'httproutes' },
} as const satisfies Readonly<Record<string, Kind>>;

/** What exists without being wanted by a model: only looked at, or made for one run. */
export const others = {
  Pod: { kind: 'Pod', apiVersion: 'v1', plural: 'pods' },
  Event: { kind: 'Event', apiVersion: 'v1', plural: 'events' },
  Job: { kind: 'Job', apiVersion: 'batch/v1', plural: 'jobs' },
  ReplicaSet: { kind: 'ReplicaSet', apiVersion: 'apps/v1', plural: 'replicasets' },
  ConfigMap: { kind: 'ConfigMap', apiVersion: 'v1', plural: 'configmaps' },
  Endpoints: { kind: 'Endpoints', apiVersion: 'v1', plural: 'endpoints' },
  Namespace: { kind: 'Namespace', apiVersion: 'v1', plural: 'namespaces', clusterWide: true },
} as const satisfies Readonly<Record<string, Kind>>;

export type ManagedKind = keyof typeof kinds;

/** The kind of an object of a model, by its name. */
export function kindNamed(name: string): Kind {
  const found: Readonly<Record<string, Kind>> = kinds;
  const kind = found[name];
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
}

/** `Deployment hcn-deployment` */
export function subjectOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}
