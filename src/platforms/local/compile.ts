import type { App, Cron, Service } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Note, note } from '../../model/note.ts';
import type { Compiled } from '../platform.ts';
import { type Remarks, remarksOf } from '../remarks.ts';
import { cronKind, cronName, serviceKind, serviceName } from './names.ts';

/** A model as services and crons of the supervisor: src/lab/local/README.md is the reference of its API. */
export function compile(app: App): Compiled {
  const services = app.services.map((service) => compileService(app, service));
  const crons = app.crons.map((cron) => compileCron(app, cron));
  return { objects: [...services, ...crons], notes: [...jobNotes(app), ...routeNotes(app)] };
}

function compileService(app: App, service: Service): NativeObject {
  const { image, command, env, resources, instances, health, rollout, killGraceMs } = service;
  const body = {
    image,
    ...(command === undefined ? {} : { command }),
    env,
    resources,
    instances,
    // A health check needs a port to ask at.
    ports: service.port === undefined && !health ? 0 : 1,
    ...(health ? { health } : {}),
    rollout: { minHealthy: rollout.minHealthy, maxOver: rollout.maxOver },
    killGraceMs,
  };
  return {
    kind: serviceKind,
    id: serviceName(app.name, service.name),
    body,
    remarks: serviceRemarks(app, service),
  };
}

function compileCron(app: App, cron: Cron): NativeObject {
  const { image, command, env, resources, schedule, concurrent, retries } = cron;
  const body = {
    image,
    ...(command === undefined ? {} : { command }),
    env,
    resources,
    schedule,
    concurrent,
    retries,
  };
  return {
    kind: cronKind,
    id: cronName(app.name, cron.name),
    body,
    remarks: remarksOf(app, { name: cron.name }),
  };
}

/** Routes go with the service that traffic is for. */
function serviceRemarks(app: App, service: Service): Remarks {
  const front = app.services.find(({ name }) => name === app.name) ?? app.services[0];
  return remarksOf(app, {
    ...(service.name === app.name ? {} : { service: service.name }),
    ...(service.port === undefined ? {} : { port: service.port }),
    deadlineMs: service.rollout.deadlineMs,
    ...(service === front && app.routes.length > 0 ? { routes: app.routes } : {}),
  });
}

function jobNotes(app: App): readonly Note[] {
  return app.jobs.map(({ name }) =>
    note('job-not-stored', 'info', 'A one-off task exists only from its run on; nothing is stored before.', {
      subject: `local job ${name}`,
      fidelity: 'dropped',
    }),
  );
}

function routeNotes(app: App): readonly Note[] {
  if (app.routes.length === 0) return [];
  const message = 'Nothing on this machine serves host names; the app is reached at its address on the edge.';
  return [
    note('route-by-edge', 'info', message, {
      subject: `local service ${serviceName(app.name)}`,
      fidelity: 'approximate',
    }),
  ];
}
