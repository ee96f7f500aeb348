import type { App, Service } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Note, note } from '../../model/note.ts';
import { type Json, same } from '../json.ts';
import { remarksOf } from '../remarks.ts';
import { compileHealth, healthNotes, readHealth } from './health.ts';
import { marathonId, marathonKind, subjectOf } from './names.ts';
import { compileRoutes, readRoutes, routeNotes } from './routes.ts';

export interface Part {
  readonly object: NativeObject;
  readonly notes: readonly Note[];
}

/** One service as an app of Marathon: https://mesosphere.github.io/marathon/api-console/index.html */
export function compileService(app: App, service: Service, routes: App['routes']): Part {
  const id = marathonId(app.name, service.name);
  const subject = subjectOf({ kind: marathonKind, id });
  const labels = compileRoutes(routes);
  const body = {
    id,
    ...(service.command === undefined ? {} : { cmd: service.command }),
    cpus: service.resources.cpus,
    mem: service.resources.memory,
    instances: service.instances,
    env: service.env,
    container: { docker: { image: service.image } },
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    networks: [{ mode: 'host' }],
    portDefinitions: hasPort(service) ? [{ port: 0, name: 'default', protocol: 'tcp' }] : [],
    ...(service.health ? { healthChecks: [compileHealth(service.health)] } : {}),
    upgradeStrategy: {
      minimumHealthCapacity: service.rollout.minHealthy,
      maximumOverCapacity: service.rollout.maxOver,
    },
    taskKillGracePeriodSeconds: Math.ceil(service.killGraceMs / 1000),
  };
  const remarks = remarksOf(app, serviceRemarks(app, service, routes));
  return { object: { kind: marathonKind, id, body, remarks }, notes: serviceNotes(service, routes, subject) };
}

/** A health check needs a port to ask at. */
function hasPort({ port, health }: Service): boolean {
  return port !== undefined || health !== undefined;
}

/** Only what the native fields do not give back as it was. */
function serviceRemarks(app: App, service: Service, routes: App['routes']): Json {
  const { health } = service;
  const healthIsExact = !health || same(readHealth(compileHealth(health)), health);
  const routesAreExact = same(readRoutes(compileRoutes(routes)), routes);
  return {
    ...(service.name === app.name ? {} : { service: service.name }),
    ...(service.port === undefined ? {} : { port: service.port }),
    deadlineMs: service.rollout.deadlineMs,
    ...(service.resources.cpuLimit === 'hard' ? { cpuLimit: 'hard' } : {}),
    ...(healthIsExact ? {} : { health }),
    ...(service.killGraceMs % 1000 === 0 ? {} : { killGraceMs: service.killGraceMs }),
    ...(routesAreExact ? {} : { routes }),
  };
}

function serviceNotes(service: Service, routes: App['routes'], subject: string): readonly Note[] {
  const notes: Note[] = [];
  if (service.killGraceMs % 1000 !== 0) {
    const message = 'Marathon counts the time to stop in whole seconds; it is rounded up.';
    notes.push(note('whole-seconds', 'info', message, { subject, fidelity: 'approximate' }));
  }
  if (service.resources.cpuLimit === 'hard') {
    const message = 'Whether a CPU limit is hard is a setting of the Mesos agents, not of an app.';
    notes.push(note('cpu-limit-by-agent', 'info', message, { subject, fidelity: 'approximate' }));
  }
  return [
    ...notes,
    ...(service.health ? healthNotes(service.health, subject) : []),
    ...routeNotes(routes, subject),
  ];
}
