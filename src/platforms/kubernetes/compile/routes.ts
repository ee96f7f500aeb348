import type { Route } from '../../../model/app.ts';
import { type Note, note } from '../../../model/note.ts';
import { subjectOf } from '../kinds.ts';
import { deploymentName, ingressName } from '../names.ts';
import type { Frame, Part } from './frame.ts';
import { compileHttpRoutes, routeName } from './http-route.ts';
import { compileIngress } from './ingress.ts';
import { listenPort } from './port.ts';

/** The routes of an app in the way of its home: Ingress or HTTPRoute. */
export function compileRoutes(frame: Frame): Part {
  const { app, front, settings } = frame;
  if (app.routes.length === 0) return { objects: [], notes: [] };
  const subject = subjectOf({ kind: 'Deployment', id: deploymentName(app.name) });
  if (!front || listenPort(front) === undefined) {
    return dropped(
      'route-without-service',
      'The app has routes but no service with a port to lead to.',
      subject,
    );
  }
  if (settings.ingress) {
    const part = compileIngress(frame, settings.ingress);
    const ingress = subjectOf({ kind: 'Ingress', id: ingressName(app.name) });
    return { objects: part.objects, notes: [...part.notes, ...routeNotes(app.routes, ingress)] };
  }
  if (settings.gateway) {
    const part = compileHttpRoutes(frame, settings.gateway);
    const route = subjectOf({ kind: 'HTTPRoute', id: routeName(app.name) });
    return { objects: part.objects, notes: [...part.notes, ...routeNotes(app.routes, route)] };
  }
  return dropped(
    'route-not-served',
    'The home says neither ingress nor gateway; the routes of the app lead nowhere here.',
    subject,
    'add ingress: {class: NAME} or gateway: {name: NAME} to the home',
  );
}

function dropped(id: string, message: string, subject: string, hint?: string): Part {
  const more = { subject, fidelity: 'dropped' as const, ...(hint === undefined ? {} : { hint }) };
  return { objects: [], notes: [note(id, 'warning', message, more)] };
}

/** What a route says and neither kind of object can. */
function routeNotes(routes: readonly Route[], subject: string): readonly Note[] {
  const notes: Note[] = [];
  const add = (
    id: string,
    severity: Note['severity'],
    fidelity: NonNullable<Note['fidelity']>,
    message: string,
  ) => notes.push(note(id, severity, message, { subject, fidelity }));
  const list = (of: readonly Route[]) => of.map(({ path }) => path).join(', ');
  const ignoring = routes.filter(({ ignoreCase, path }) => ignoreCase && /[a-z]/i.test(path));
  if (ignoring.length > 0) {
    const message = `${list(ignoring)} is matched as it is written; other capitals are not served.`;
    add('case-matters', 'warning', 'dropped', message);
  }
  const guarded = routes.filter(({ whitelist }) => whitelist);
  if (guarded.length > 0) {
    const message = `${list(guarded)} is open to all; a list of allowed callers is a matter of the controller.`;
    add('whitelist-dropped', 'warning', 'dropped', message);
  }
  const audiences = [...new Set(routes.map(({ audience }) => audience))];
  if (audiences.length > 1) {
    const message = `One controller serves ${audiences.join(' and ')} alike.`;
    add('audiences-combined', 'warning', 'approximate', message);
  }
  if (routes.some(({ host }) => host === undefined)) {
    add(
      'any-host',
      'info',
      'approximate',
      'A route without a host answers for every host that has no other.',
    );
  }
  if (routes.some(({ path }) => path !== '/')) {
    const message = 'A path is matched by whole elements: /api serves /api and /api/x, but not /apix.';
    add('path-by-element', 'info', 'approximate', message);
  }
  return notes;
}
