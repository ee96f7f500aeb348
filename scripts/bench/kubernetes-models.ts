import type { App } from '../../src/model/app.ts';
import type { NativeObject } from '../../src/model/native.ts';
import { kubernetes } from '../../src/platforms/kubernetes/platform.ts';
import type { KubernetesSettings } from '../../src/platforms/kubernetes/settings.ts';

/** A home in a namespace of the cluster that is measured. */
export function settingsOf(
  { kubeconfig, context }: { readonly kubeconfig: string; readonly context: string },
  namespace: string,
): KubernetesSettings {
  return { kubeconfig, context, namespace, ingress: { class: 'nginx' }, min_ready: 1_000, drain: 1_000 };
}

/** Apps of a service with a route and two crons: Deployment, Service, budget, Ingress, and two CronJobs each. */
export function bankOf(count: number): readonly { app: App; objects: readonly NativeObject[] }[] {
  return Array.from({ length: count }, (_, n) => {
    const app = appNamed(`app${n}`);
    const settings = { ingress: { class: 'nginx' } };
    const { objects } = kubernetes.compile(app, { environment: 'bench', home: 'k8s', settings });
    return { app, objects: objects.map(withoutPods) };
  });
}

function withoutPods(object: NativeObject): NativeObject {
  if (object.kind !== 'Deployment') return object;
  return { ...object, body: { ...object.body, spec: { ...(object.body['spec'] as object), replicas: 0 } } };
}

export function appNamed(name: string, more: Partial<App['services'][number]> = {}): App {
  const workload = {
    image: `anna-repo/${name}:1.0.0`,
    command: `python /app/${name}/main.py`,
    env: { LOGSTASH_TAG: `${name}-test`, RMQ_URL: `amqp://${name}@queue.example:5672/${name}` },
    resources: { cpus: 0.1, memory: 64, cpuLimit: 'soft' },
  } as const;
  const cron = { kind: 'Cron', ...workload, concurrent: false, retries: 2 } as const;
  return {
    kind: 'App',
    name,
    version: '1.0.0',
    environment: 'bench',
    stage: 'test',
    services: [
      {
        kind: 'Service',
        name,
        ...workload,
        instances: 2,
        port: 8080,
        rollout: { minHealthy: 1, maxOver: 1, deadlineMs: 60_000 },
        killGraceMs: 2_000,
        ...more,
      },
    ],
    jobs: [],
    crons: [
      { ...cron, name: `${name}-sync`, schedule: { iso: 'R//PT30M' } },
      { ...cron, name: `${name}-close`, schedule: { cron: '55 23 * * *', timezone: 'Europe/London' } },
    ],
    routes: [
      {
        kind: 'Route',
        host: `${name}.example.org`,
        path: '/api',
        ignoreCase: false,
        audience: 'external',
      },
    ],
    uses: [],
  };
}
