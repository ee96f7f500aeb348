import type { Service } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import type { Json } from '../../json.ts';
import { remarksOf, secretRefs } from '../../remarks.ts';
import { subjectOf } from '../kinds.ts';
import { deploymentName } from '../names.ts';
import { graceSeconds, minReadySeconds, progressDeadlineSeconds } from './deadline.ts';
import { compileEnding, endingNotes } from './ending.ts';
import type { Frame, Part } from './frame.ts';
import { type Labels, selectorOf, serviceComponent, versionedLabels } from './labels.ts';
import { compilePod } from './pod.ts';
import { listenPort } from './port.ts';
import { compileProbes, portName } from './probes.ts';
import { secretDigests, withSecrets } from './secrets.ts';
import { serviceFacts } from './service-facts.ts';
import { compileStrategy } from './strategy.ts';

/** One service as a Deployment: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ */
export function compileDeployment(frame: Frame, service: Service): Part {
  const { app, front } = frame;
  const id = deploymentId(frame, service);
  const body = deploymentBody(frame, service, id);
  const facts = serviceFacts(app, service, service === front ? app.routes : [], frame.settings);
  const remarks = withSecrets(remarksOf(app, facts), secretRefs(service.env));
  const object: NativeObject = { kind: 'Deployment', id, body, remarks };
  const subject = subjectOf(object);
  const notes = [...deploymentNotes(service, subject), ...endingNotes(service, frame.settings, subject)];
  return { objects: [object], notes };
}

/** The one that bears the app's name, or stands for it, is `hcn-deployment`. */
function deploymentId({ app, front }: Frame, service: Service): string {
  return deploymentName(app.name, service === front ? app.name : service.name);
}

export function deploymentBody({ app, settings, keys }: Frame, service: Service, name: string): Json {
  const component = serviceComponent(service.name);
  const selector = selectorOf(app.name, component);
  const port = listenPort(service);
  const { instances, rollout, health } = service;
  const minReady = minReadySeconds(settings);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: versionedLabels(app.name, component, app.version) },
    spec: {
      replicas: instances,
      selector: { matchLabels: selector },
      strategy: { type: 'RollingUpdate', rollingUpdate: compileStrategy(instances, rollout) },
      ...(minReady > 0 ? { minReadySeconds: minReady } : {}),
      progressDeadlineSeconds: progressDeadlineSeconds(rollout.deadlineMs, settings),
      revisionHistoryLimit: revisions,
      template: compilePod({
        app,
        component,
        workload: service,
        settings,
        keys,
        port,
        annotations: secretDigests(service.env, keys),
        container: {
          ...portsOf(port),
          ...compileProbes(health, port),
          ...compileEnding(service, port, settings),
        },
        spec: {
          terminationGracePeriodSeconds: graceSeconds(service.killGraceMs, port, settings),
          // Also for one instance: a second one must not restart the first.
          topologySpreadConstraints: spread(selector),
        },
      }),
    },
  };
}

/** An undoing needs one; a few help whoever looks into the past. */
const revisions = 3;

function portsOf(port: number | undefined): Json {
  return port === undefined ? {} : { ports: [{ name: portName, containerPort: port, protocol: 'TCP' }] };
}

/** Instances go to different nodes and zones where they can. Own constraints replace those of the cluster. */
function spread(matchLabels: Labels): readonly Json[] {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels },
    // Pods of the version before do not count.
    matchLabelKeys: ['pod-template-hash'],
  }));
}

function deploymentNotes(service: Service, subject: string): readonly Note[] {
  const { health, killGraceMs, port } = service;
  const notes: Note[] = [];
  const info = (id: string, message: string) =>
    notes.push(note(id, 'info', message, { subject, fidelity: 'approximate' }));
  const times = [killGraceMs, ...(health ? [health.intervalMs, health.timeoutMs, health.graceMs] : [])];
  const listening = listenPort(service);
  if (times.some((ms) => ms % 1_000 !== 0)) {
    info('whole-seconds', 'Kubernetes counts in whole seconds; times are rounded up.');
  }
  if (!health && listening !== undefined) {
    info('readiness-by-port', 'There is no health check; a pod gets traffic as soon as its port is open.');
  }
  if (listening !== undefined && !port && service.env['PORT'] === undefined) {
    info('port-assumed', `The service has no port of its own; it is told to listen on ${listening}.`);
  }
  return notes;
}
