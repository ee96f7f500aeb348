import { isIP, isIPv6 } from 'node:net';
import type { Service } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import type { Json } from '../../json.ts';
import { remarksOf } from '../../remarks.ts';
import { subjectOf } from '../kinds.ts';
import { podsName, serviceName } from '../names.ts';
import type { Frame, Part } from './frame.ts';
import { edgeComponent, type Labels, labelsOf, selectorOf, serviceComponent } from './labels.ts';
import { listenPort } from './port.ts';
import { portName } from './probes.ts';

/** Port of every Service, so that `http://account` is an address. */
export const servicePort = 80;

/** The Service of one service. While its app lives elsewhere too, the app's own name belongs to the edge. */
export function compileService(frame: Frame, service: Service): Part {
  if (listenPort(service) === undefined) return { objects: [], notes: [] };
  const { app, front, isElsewhere, settings } = frame;
  const ownName = serviceName(app.name, service === front ? app.name : service.name);
  const name = service === front && isElsewhere ? podsName(app.name) : ownName;
  const component = serviceComponent(service.name);
  const spec = { type: settings.service ?? 'ClusterIP', selector: selectorOf(app.name, component) };
  return { objects: [serviceObject(frame, name, component, spec)], notes: [] };
}

/** The app's own name as an address of the edge: a Service that selects nothing, and where it leads instead. */
export function compileEdge(frame: Frame): Part {
  const { app, target, settings } = frame;
  const port = target.elsewhere?.[app.name];
  if (port === undefined) return { objects: [], notes: [] };
  const name = serviceName(app.name);
  const subject = subjectOf({ kind: 'Service', id: name });
  if (settings.edge === undefined) return { objects: [], notes: [edgeUnknown(app.name, subject)] };
  const service = serviceObject(frame, name, edgeComponent, { type: 'ClusterIP' });
  const notes = isReachable(settings.edge) ? [] : [edgeNotAddress(settings.edge, subject)];
  return { objects: [service, slice(frame, settings.edge, port)], notes };
}

function serviceObject(frame: Frame, name: string, component: string, spec: Json): NativeObject {
  const port = { name: portName, port: servicePort, protocol: 'TCP', targetPort: portName };
  const body = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: labelsOf(frame.app.name, component) },
    spec: { ...spec, ports: [port] },
  };
  return { kind: 'Service', id: name, body, remarks: remarksOf(frame.app, {}) };
}

/** https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors */
function slice({ app }: Frame, address: string, port: number): NativeObject {
  const service = serviceName(app.name);
  const name = `${service}-edge`;
  const labels: Labels = {
    ...labelsOf(app.name, edgeComponent),
    'kubernetes.io/service-name': service,
    // Without it the controller of the cluster would take the slice for its own.
    'endpointslice.kubernetes.io/managed-by': 'rehome',
  };
  const body = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels },
    addressType: isIPv6(address) ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: portName, port, protocol: 'TCP' }],
  };
  return { kind: 'EndpointSlice', id: name, body, remarks: remarksOf(app, {}) };
}

/** Addresses of the machine itself mean another one in every pod; the apiserver refuses what is no single host's. */
function isReachable(address: string): boolean {
  return isIP(address) !== 0 && !/^(0\.|127\.|169\.254\.|2[2-5]\d\.|::1?$|f[ef])/i.test(address);
}

function edgeUnknown(app: string, subject: string): Note {
  const message = `${app} lives in another home too, but the home does not say where pods reach the edge; calls from here stay here.`;
  const hint = 'add edge: ADDRESS to the home';
  return note('edge-unknown', 'warning', message, { subject, hint, fidelity: 'dropped' });
}

function edgeNotAddress(edge: string, subject: string): Note {
  const message = `The edge's address ${edge} is no IP address that a pod could reach; an EndpointSlice takes nothing else.`;
  return note('edge-not-an-address', 'error', message, {
    subject,
    hint: "set edge: in the home to an IP address of the edge's machine",
    fidelity: 'decide',
  });
}
