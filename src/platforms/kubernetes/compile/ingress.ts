import type { Route } from '../../../model/app.ts';
import { remarksOf } from '../../remarks.ts';
import { subjectOf } from '../kinds.ts';
import { ingressName, serviceName } from '../names.ts';
import type { KubernetesSettings } from '../settings.ts';
import type { Frame, Part } from './frame.ts';
import { labelsOf, serviceComponent } from './labels.ts';
import { portName } from './probes.ts';
import { ingressTls } from './tls.ts';

/** All routes of an app as one Ingress that any controller understands. */
export function compileIngress(
  { app, front, target }: Frame,
  settings: NonNullable<KubernetesSettings['ingress']>,
): Part {
  const name = ingressName(app.name);
  const hosts = hostsOf(app.routes);
  const named = hosts.filter((host) => host !== undefined);
  const { tls, annotations, notes } = ingressTls(
    named,
    target,
    name,
    subjectOf({ kind: 'Ingress', id: name }),
  );
  const all = { ...settings.annotations, ...annotations };
  const backend = { service: { name: serviceName(app.name), port: { name: portName } } };
  const body = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      labels: labelsOf(app.name, serviceComponent(front?.name ?? app.name)),
      ...(Object.keys(all).length > 0 ? { annotations: all } : {}),
    },
    spec: {
      ingressClassName: settings.class,
      ...(tls.length > 0 ? { tls } : {}),
      rules: hosts.map((host) => ({
        ...(host === undefined ? {} : { host }),
        http: { paths: pathsOf(app.routes, host).map((path) => ({ path, pathType: 'Prefix', backend })) },
      })),
    },
  };
  return { objects: [{ kind: 'Ingress', id: name, body, remarks: remarksOf(app, {}) }], notes };
}

export function hostsOf(routes: readonly Route[]): readonly (string | undefined)[] {
  return [...new Set(routes.map(({ host }) => host))];
}

export function pathsOf(routes: readonly Route[], host: string | undefined): readonly string[] {
  return [...new Set(routes.filter((route) => route.host === host).map(({ path }) => path))];
}
