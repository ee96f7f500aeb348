import type { App } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Note, note } from '../../../model/note.ts';
import type { Compiled, Target } from '../../platform.ts';
import { subjectOf } from '../kinds.ts';
import { plain } from '../names.ts';
import type { KubernetesSettings } from '../settings.ts';
import { compileBudget } from './budget.ts';
import { compileCron } from './cron-job.ts';
import { compileDeployment } from './deployment.ts';
import { frameOf, type Part } from './frame.ts';
import { compileEdge, compileService } from './network.ts';
import { compileRoutes } from './routes.ts';
import { secretNotes } from './secret-notes.ts';
import { compileSecret } from './secrets.ts';

/**
 * A model as objects of Kubernetes, in an order in which each finds what it needs. Bodies are manifests without
 * namespace and without stamps; references of secrets stand in `remarks` already. Jobs of the model run when they are
 * needed: see one-off-job.ts.
 */
export function compile(app: App, target: Target<KubernetesSettings>): Compiled {
  const frame = frameOf(app, target);
  const secret = compileSecret(app, frame.keys);
  const parts: readonly Part[] = [
    { objects: secret ? [secret] : [], notes: secretNotes(app) },
    ...app.services.map((service) => compileService(frame, service)),
    compileEdge(frame),
    ...app.services.map((service) => compileDeployment(frame, service)),
    ...app.services.map((service) => ({ objects: compileBudget(frame, service), notes: [] })),
    ...app.crons.map((cron) => compileCron(frame, cron)),
    compileRoutes(frame),
  ];
  const objects = parts.flatMap((part) => part.objects.map((object) => withEnvironment(object, app)));
  const notes = [...collisions(objects), ...parts.flatMap((part) => part.notes), ...jobNotes(app)];
  return { objects, notes };
}

/** Two environments may be given one namespace by mistake. */
function withEnvironment(object: NativeObject, { environment }: App): NativeObject {
  return { ...object, remarks: { ...object.remarks, environment } };
}

function collisions(objects: readonly NativeObject[]): readonly Note[] {
  const seen = new Set<string>();
  const doubled = objects.map(subjectOf).filter((subject) => seen.size === seen.add(subject).size);
  return doubled.map((subject) =>
    note('name-collision', 'error', `Two parts of the app would both be ${subject}.`, { subject }),
  );
}

function jobNotes({ jobs }: App): readonly Note[] {
  const message = 'A one-off task is a Job only from its run on; nothing is stored before.';
  return jobs.map(({ name }) =>
    note('job-not-stored', 'info', message, { subject: `Job ${plain(name)}`, fidelity: 'dropped' }),
  );
}
