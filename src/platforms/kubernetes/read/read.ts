import type { App } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import type { Note } from '../../../model/note.ts';
import type { Release } from '../../../model/release.ts';
import type { ReadBack, Target } from '../../platform.ts';
import { appFacts, type Remembered, remembered } from '../../remarks.ts';
import type { KubernetesSettings } from '../settings.ts';
import { leadsElsewhere, owners } from './belongs.ts';
import { identityOf } from './identity.ts';
import { whole } from './managed.ts';
import { readCron } from './read-cron.ts';
import { readRoutes } from './read-routes.ts';
import { readService } from './read-service.ts';
import { serviceNotes } from './service-notes.ts';

/** What runs, or would run, as models: one App per app found. Services, budgets and routes go with what they serve. */
export function read(objects: readonly NativeObject[], target: Target<KubernetesSettings>): ReadBack {
  const identified = objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'CronJob')
    .map((object) => ({ object, identity: identityOf(object, objects) }));
  const found = owners(identified, objects);
  const services = identified
    .filter(({ object }) => object.kind === 'Deployment')
    .map(({ object, identity }) => readService(object, identity, target));
  const crons = identified
    .filter(({ object }) => object.kind === 'CronJob')
    .map(({ object, identity }) => readCron(object, identity, target));
  const others = objects
    .filter((object) => object.kind !== 'Deployment' && object.kind !== 'CronJob' && !leadsElsewhere(object))
    .flatMap((object) => {
      const app = found.ownerOf(object);
      return app === undefined ? [] : [{ app, object, ...remarksOf(object) }];
    });
  const parts = [...services, ...crons, ...others];
  const releases: Record<string, Release> = {};
  const notes: Note[] = [...services, ...crons].flatMap((part) => part.notes);
  const apps = [...new Set(parts.map(({ app }) => app))].map((name): App => {
    const first = newest(parts.filter(({ app }) => app === name));
    if (first?.remembered.release) releases[name] = first.remembered.release;
    const identity = { name, version: first?.version ?? '', environment: target.environment };
    const own = services.filter(({ app }) => app === name);
    const models = own.map(({ service }) => service);
    const theirs = others.filter(({ app }) => app === name).map(({ object }) => object);
    const routes = readRoutes(
      identity,
      models,
      own.flatMap((part) => part.routes),
      theirs.filter(({ kind }) => kind === 'Ingress' || kind === 'HTTPRoute'),
      target,
    );
    const model: App = {
      kind: 'App',
      ...identity,
      ...(first ? appFacts(first.remembered) : { stage: '', uses: [] }),
      services: models,
      jobs: [],
      crons: crons.filter(({ app }) => app === name).map(({ cron }) => cron),
      routes: routes.routes,
    };
    notes.push(...routes.notes, ...serviceNotes(model, theirs, target));
    return model;
  });
  return { apps, releases, notes };
}

interface Part {
  readonly version: string;
  readonly remembered: Remembered;
}

/** Deployments come first, so their release is the app's; a part that nobody stamped says less than one that is. */
function newest(parts: readonly Part[]): Part | undefined {
  return parts.find(({ remembered: known }) => known.release) ?? parts[0];
}

function remarksOf(object: NativeObject): Part {
  const known = remembered(whole(object).remarks);
  return { version: known.version ?? '', remembered: known };
}
