import type { App, Workload } from '../../../model/app.ts';
import type { Json } from '../../json.ts';
import type { KubernetesSettings } from '../settings.ts';
import { compileEnv } from './env.ts';
import { escaped } from './expansion.ts';
import { type Labels, versionedLabels } from './labels.ts';
import { cpuQuantity, memoryQuantity } from './quantities.ts';
import type { SecretKeys } from './secrets.ts';

/** What every pod of rehome has in common, be it of a service, a cron or a one-off task. */
export interface PodSpec {
  readonly app: Pick<App, 'name' | 'version'>;
  readonly component: string;
  readonly workload: Workload;
  readonly settings: KubernetesSettings;
  readonly keys: SecretKeys;
  readonly port?: number | undefined;
  readonly annotations?: Json;
  /** Further fields of the container and of the pod. */
  readonly container?: Json;
  readonly spec?: Json;
}

export function compilePod(pod: PodSpec): Json {
  const { app, component, workload, settings, keys, port, annotations = {}, container, spec } = pod;
  const labels: Labels = versionedLabels(app.name, component, app.version);
  return {
    metadata: { labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: {
      ...podSecurity(settings),
      // Variables for every Service of the namespace could take the name of one that the app means otherwise.
      enableServiceLinks: false,
      // An app has no business with the apiserver; a token would be a key for whoever breaks in.
      automountServiceAccountToken: false,
      ...spec,
      containers: [
        {
          name: component,
          image: workload.image,
          ...commandOf(workload.command),
          ...envOf(compileEnv(workload.env, keys, port)),
          ...container,
          resources: compileResources(workload.resources),
          ...containerSecurity(settings),
          // A container that says nothing at its end leaves the last lines of its log as the reason.
          terminationMessagePolicy: 'FallbackToLogsOnError',
        },
      ],
    },
  };
}

/** As the seed has it: a shell with the command as one argument. */
export function commandOf(command: string | undefined): Json {
  return command === undefined ? {} : { command: ['/bin/sh'], args: ['-c', escaped(command)] };
}

function envOf(env: readonly Json[]): Json {
  return env.length > 0 ? { env } : {};
}

/** Memory is hard, so what is promised is the limit; CPU is shared unless a quota is asked for. */
export function compileResources({ cpus, memory, cpuLimit }: Workload['resources']): Json {
  const [cpu, bytes] = [cpuQuantity(cpus), memoryQuantity(memory)];
  const limits = cpuLimit === 'hard' ? { cpu, memory: bytes } : { memory: bytes };
  return { requests: { cpu, memory: bytes }, limits };
}

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export function podSecurity({ podSecurity: level, run_as }: KubernetesSettings): Json {
  const user = run_as === undefined ? {} : { runAsUser: run_as };
  const restricted =
    level === 'restricted' ? { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } : {};
  const securityContext = { ...user, ...restricted };
  return Object.keys(securityContext).length > 0 ? { securityContext } : {};
}

export function containerSecurity({ podSecurity: level }: KubernetesSettings): Json {
  if (level !== 'restricted') return {};
  return { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } };
}
