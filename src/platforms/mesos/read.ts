import type { App } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import type { Note } from '../../model/note.ts';
import type { Release } from '../../model/release.ts';
import type { ReadBack, Target } from '../platform.ts';
import { appFacts, type Remembered } from '../remarks.ts';
import { chronosKind, marathonKind } from './names.ts';
import { readService } from './read-app.ts';
import { readCron } from './read-job.ts';

/** What runs, or would run, as models: one App per app found. Jobs without an owner belong to the app ''. */
export function read(objects: readonly NativeObject[], { environment }: Target): ReadBack {
  const services = objects.filter(({ kind }) => kind === marathonKind).map(readService);
  const crons = objects
    .filter(({ kind }) => kind === chronosKind)
    .flatMap((object) => readCron(object) ?? []);
  const names = [...new Set([...services, ...crons].map(({ app }) => app))];
  const releases: Record<string, Release> = {};
  const notes: Note[] = [...services, ...crons].flatMap((part) => part.notes);
  const apps = names.map((name): App => {
    const own = services.filter(({ app }) => app === name);
    const ownCrons = crons.filter(({ app }) => app === name);
    const first = newest([...own, ...ownCrons]);
    if (first?.remembered.release) releases[name] = first.remembered.release;
    return {
      kind: 'App',
      name,
      version: first?.version ?? '',
      environment,
      ...(first ? appFacts(first.remembered) : { stage: '', uses: [] }),
      services: own.map(({ service }) => service),
      jobs: [],
      crons: ownCrons.map(({ cron }) => cron),
      routes: own.flatMap(({ routes }) => routes),
    };
  });
  return { apps, releases, notes };
}

type Part = { readonly version: string; readonly remembered: Remembered };

/** Services come first, so their release is the app's; a part that nobody stamped says less than one that is. */
function newest(parts: readonly Part[]): Part | undefined {
  return parts.find(({ remembered }) => remembered.release) ?? parts[0];
}
