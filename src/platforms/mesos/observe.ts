import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { type Json, text } from '../json.ts';
import { stampsInLabels } from '../labels.ts';
import type { Scope } from '../platform.ts';
import { remembered } from '../remarks.ts';
import { stampsInDescription } from './description.ts';
import type { Links } from './links.ts';
import { chronosKind, marathonId, marathonKind } from './names.ts';
import { isOneOff } from './read-job.ts';

/** See `Home.observe`. Tasks that run once are no objects of an app: they come and go by themselves. */
export async function observe(
  links: Links,
  scope: Scope,
  signal?: AbortSignal,
): Promise<readonly NativeObject[] | Failure> {
  const [apps, jobs] = await Promise.all([liveApps(links, scope, signal), liveJobs(links, signal)]);
  if (isFailure(apps)) return apps;
  if (isFailure(jobs)) return jobs;
  const objects = [...apps, ...jobs.filter((job) => !isOneOff(job))];
  if (scope.app === undefined) return objects;
  const isNamed = ({ kind, id }: NativeObject) =>
    scope.names?.some((name) => name.kind === kind && name.id === id);
  return objects.filter((object) => appOf(object) === scope.app || isNamed(object));
}

/** Whose an object is: by its stamps, else by its name or owner. */
export function appOf({ kind, id, body }: NativeObject): string | undefined {
  if (kind === chronosKind) {
    return remembered(stampsInDescription(body['description'])).app ?? text(body['ownerName']);
  }
  return remembered(stampsInLabels(body['labels'])).app ?? id.slice(1);
}

async function liveApps({ marathon }: Links, scope: Scope, signal: AbortSignal | undefined) {
  const part = scope.app === undefined ? undefined : marathonId(scope.app).slice(1);
  const apps = await marathon.apps(part, signal);
  return isFailure(apps) ? apps : apps.map((body) => ({ kind: marathonKind, id: String(body['id']), body }));
}

async function liveJobs({ chronos }: Links, signal: AbortSignal | undefined) {
  const jobs = chronos ? await chronos.jobs(signal) : [];
  return isFailure(jobs) ? jobs : jobs.map(jobObject);
}

export function jobObject(body: Json): NativeObject {
  return { kind: chronosKind, id: String(body['name']), body };
}
