import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import type { Json } from '../../json.ts';
import { remarksOf } from '../../remarks.ts';
import { subjectOf } from '../kinds.ts';
import { serviceName } from '../names.ts';
import type { KubernetesSettings } from '../settings.ts';
import type { Frame, Part } from './frame.ts';
import { hostsOf, pathsOf } from './ingress.ts';
import { labelsOf, serviceComponent } from './labels.ts';
import { servicePort } from './network.ts';

type Gateway = NonNullable<KubernetesSettings['gateway']>;

/**
 * Routes as HTTPRoutes of the standard channel. One serves all its hosts alike, so hosts with other paths get one of
 * their own. Lists are written with every default that the apiserver would fill in: it owns what stands in them.
 */
export function compileHttpRoutes(frame: Frame, gateway: Gateway): Part {
  const { app, target } = frame;
  const groups = groupsOf(app.routes);
  const objects = groups.map((group, at) => httpRoute(frame, gateway, group, at === 0));
  const subject = subjectOf({ kind: 'HTTPRoute', id: routeName(app.name) });
  return { objects, notes: target.tls?.mode === 'per-host' ? [tlsAtGateway(subject)] : [] };
}

export function routeName(app: string, part: string = app): string {
  return `${serviceName(app, part)}-route`;
}

interface Group {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
}

function groupsOf(routes: Frame['app']['routes']): readonly Group[] {
  const groups = new Map<string, { hosts: string[]; paths: readonly string[] }>();
  for (const host of hostsOf(routes)) {
    const paths = pathsOf(routes, host);
    // A route without hostnames serves every host, so it cannot share with one that has some.
    const key = JSON.stringify([host === undefined, paths.toSorted()]);
    const group = groups.get(key) ?? { hosts: [], paths };
    groups.set(key, group);
    if (host !== undefined) group.hosts.push(host);
  }
  return [...groups.values()];
}

function httpRoute({ app, front }: Frame, gateway: Gateway, group: Group, isFirst: boolean): NativeObject {
  const own = isFirst ? app.name : group.paths.join(',');
  const name = routeName(app.name, own);
  const body = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, labels: labelsOf(app.name, serviceComponent(front?.name ?? app.name)) },
    spec: {
      parentRefs: [parentOf(gateway)],
      ...(group.hosts.length > 0 ? { hostnames: group.hosts } : {}),
      rules: [
        {
          matches: group.paths.map((value) => ({ path: { type: 'PathPrefix', value } })),
          backendRefs: [
            { group: '', kind: 'Service', name: serviceName(app.name), port: servicePort, weight: 1 },
          ],
        },
      ],
    },
  };
  return { kind: 'HTTPRoute', id: name, body, remarks: remarksOf(app, {}) };
}

function parentOf({ name, namespace, section }: Gateway): Json {
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(section === undefined ? {} : { sectionName: section }),
  };
}

function tlsAtGateway(subject: string): Note {
  const message = 'Certificates of a Gateway belong to its listeners; none is asked for per host.';
  const hint = "annotate the Gateway with cert-manager's issuer";
  return note('tls-at-gateway', 'warning', message, { subject, hint, fidelity: 'dropped' });
}
