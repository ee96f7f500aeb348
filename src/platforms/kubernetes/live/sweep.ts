import { inParallel } from '../../../host/in-parallel.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, list, record, text } from '../../json.ts';
import type { ApplyContext } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { componentLabel, jobComponent } from '../compile/labels.ts';
import { others } from '../kinds.ts';
import { stampsInAnnotations } from '../stamps.ts';
import { ofApp, ours } from './selectors.ts';

/** Forgets one-off tasks of earlier deployments of the app; what belongs to them goes with them. */
export async function sweepJobs(
  cluster: Cluster,
  { release, deployment, signal }: ApplyContext,
): Promise<undefined | Failure> {
  const labels = `${ours},${ofApp(release.app)},${componentLabel}=${jobComponent}`;
  const jobs = await cluster.list(others.Job, { labels, signal });
  if (isFailure(jobs)) return jobs;
  const current = deployment ?? release.deployment;
  const isOld = (job: Json) => {
    const { app, deployment } = stampsOf(job);
    return app === release.app && deployment !== current && isOver(job);
  };
  const old = jobs.filter(isOld);
  return await inParallel(old, (job) => cluster.remove(others.Job, nameOf(job), signal));
}

function isOver({ status }: Json): boolean {
  return list(record(status)['conditions']).some(
    (one) => (one['type'] === 'Complete' || one['type'] === 'Failed') && one['status'] === 'True',
  );
}

function stampsOf(job: Json) {
  return stampsInAnnotations(record(job['metadata'])['annotations']);
}

function nameOf(job: Json): string {
  return text(record(job['metadata'])['name']) ?? '';
}
