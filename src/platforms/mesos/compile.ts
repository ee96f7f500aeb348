import type { App } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Note, note } from '../../model/note.ts';
import { type Json, list, record } from '../json.ts';
import type { Compiled, Target } from '../platform.ts';
import { secretRefs } from '../remarks.ts';
import { compileCron } from './chronos-job.ts';
import { compileService } from './marathon-app.ts';
import { chronosKind, chronosName, marathonId, marathonKind, subjectOf } from './names.ts';
import type { MesosSettings } from './settings.ts';

/** A model as apps of Marathon and jobs of Chronos. Jobs of the model run when they are needed: see jobs.ts. */
export function compile(app: App, { settings }: Target<MesosSettings>): Compiled {
  const front = frontOf(app);
  const services = app.services.map((service) =>
    compileService(app, service, service.name === front ? app.routes : []),
  );
  const crons = app.crons.map((cron) => compileCron(app, cron));
  const parts = [...services, ...crons];
  const objects = parts.flatMap(({ object }) => (object ? [object] : []));
  const notes = [
    ...collisions(objects),
    ...parts.flatMap((part) => part.notes),
    ...objects.flatMap(secretNotes),
    ...chronosNotes(app, settings),
    ...jobNotes(app),
    ...(app.routes.length > 0 && front === undefined ? [routesNowhere(app)] : []),
  ];
  return { objects, notes };
}

/** The service that traffic is for: the one that bears the app's name, or else the first. */
export function frontOf(app: App): string | undefined {
  return (app.services.find(({ name }) => name === app.name) ?? app.services[0])?.name;
}

function collisions(objects: readonly NativeObject[]): readonly Note[] {
  const seen = new Set<string>();
  const doubled = objects.map(subjectOf).filter((subject) => seen.size === seen.add(subject).size);
  return doubled.map((subject) =>
    note('name-collision', 'error', `Two parts of the app would both be ${subject}.`, { subject }),
  );
}

function secretNotes({ kind, id, body }: NativeObject): readonly Note[] {
  const names = Object.keys(secretRefs(envIn(body)));
  if (names.length === 0) return [];
  const message = `Whoever may read Marathon and Chronos can read ${names.join(', ')}: an env is plain text there.`;
  return [
    note('secret-in-plain-env', 'info', message, {
      subject: subjectOf({ kind, id }),
      fidelity: 'approximate',
    }),
  ];
}

function envIn(body: NativeObject['body']): Json {
  const variables = list(body['environmentVariables']).map(({ name, value }) => [String(name), value]);
  return { ...record(body['env']), ...Object.fromEntries(variables) };
}

function chronosNotes(app: App, settings: MesosSettings): readonly Note[] {
  const parts = [...app.crons, ...app.jobs];
  if (settings.chronos !== undefined || parts.length === 0) return [];
  const subject = subjectOf({ kind: chronosKind, id: chronosName(parts[0]?.name ?? '') });
  const message = 'The app has crons or one-off tasks, but the home names no Chronos.';
  return [
    note('no-chronos', 'error', message, {
      subject,
      fidelity: 'dropped',
      hint: 'add chronos: URL to the home',
    }),
  ];
}

function jobNotes(app: App): readonly Note[] {
  return app.jobs.map(({ name }) =>
    note(
      'job-not-stored',
      'info',
      'A one-off task exists on Chronos only while it runs; nothing is stored before.',
      {
        subject: subjectOf({ kind: chronosKind, id: chronosName(name) }),
        fidelity: 'dropped',
      },
    ),
  );
}

function routesNowhere(app: App): Note {
  const subject = subjectOf({ kind: marathonKind, id: marathonId(app.name) });
  return note('route-without-service', 'warning', 'The app has routes but no service to lead to.', {
    subject,
    fidelity: 'dropped',
  });
}
