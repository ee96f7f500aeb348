import type { Job } from '../../../model/app.ts';
import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import { changed, type Marks, markLook } from '../../changed.ts';
import { type Json, record } from '../../json.ts';
import type { JobResult, JobRun } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import { oneOffJob } from '../compile/one-off-job.ts';
import { kinds, others } from '../kinds.ts';
import { followJob } from './job-log.ts';
import { isOver, outcome } from './job-outcome.ts';
import { jobTrouble } from './job-trouble.ts';
import type { Live } from './live.ts';
import { ensureParent } from './parent.ts';
import { type Pod, podOf } from './pod.ts';
import { subject } from './selectors.ts';

/** With watches a look now and then is enough, ms. */
const lookMs = 5_000;

/**
 * See `Home.runJob`: a Job with a name made of the run's id, so that whoever comes again finds it. It stays there
 * when it is over, for a week or until the next deployment of the app.
 */
export async function runJob(live: Live, job: Job, run: JobRun): Promise<JobResult | Failure> {
  const { cluster } = live;
  const begun = await begin(live, job, run);
  if (isFailure(begun)) return begun;
  const name = begun;
  const marks: Marks = new Map();
  const app = subject(run.app);
  const log = followJob(cluster, run);
  // Evicted, a pod is soon gone; what was seen of it tells why.
  let pod: Pod | undefined;
  for (;;) {
    markLook(live, marks, app);
    const [found, pods] = await Promise.all([
      cluster.get(others.Job, name, run.signal),
      cluster.list(others.Pod, { labels: `batch.kubernetes.io/job-name=${name}`, signal: run.signal }),
    ]);
    if (run.signal?.aborted) return await interrupted(name, log);
    if (isFailure(found)) return await left(found, log);
    if (!found) return await removed(name, log);
    if (!isFailure(pods)) pod = pods.map(podOf).at(-1) ?? pod;
    log.see(pod);
    if (isOver(found)) return await log.finish(outcome(found, pod, job));
    const trouble = pod && (await jobTrouble(cluster, pod, run.signal));
    if (trouble?.isFinal) return await giveUp(cluster, name, trouble.words, log);
    await changed(live, marks, app, lookMs, run.signal);
  }
}

/** The name of the Job as it is there: begun before, or now. Its secrets go with it. */
async function begin({ cluster, target }: Live, job: Job, run: JobRun): Promise<string | Failure> {
  const bodies = oneOffJob(job, run, target.settings);
  if (isFailure(bodies)) return bodies;
  // A migration comes before anything else is written.
  const unready = target.settings.create_namespace
    ? await ensureParent(cluster, target.settings, run.signal)
    : undefined;
  if (unready) return unready;
  const { name } = bodies;
  const made = await cluster.create(others.Job, bodies.job, run.signal);
  if (isFailure(made)) return made;
  const live = made ?? (await cluster.get(others.Job, name, run.signal));
  if (isFailure(live)) return live;
  if (!live) return removedBy(name);
  if (!bodies.secret || isOver(live)) return name;
  // The Job first, so that the Secret belongs to something from its beginning; the pod waits for it.
  const secret = await cluster.create(kinds.Secret, ownedBy(bodies.secret, live), run.signal);
  return isFailure(secret) ? secret : name;
}

function ownedBy(secret: Json, job: Json): Json {
  const { name, uid } = record(job['metadata']);
  const owner = { apiVersion: others.Job.apiVersion, kind: others.Job.kind, name, uid };
  return { ...secret, metadata: { ...record(secret['metadata']), ownerReferences: [owner] } };
}

type Log = ReturnType<typeof followJob>;

async function interrupted(name: string, log: Log): Promise<Failure> {
  await log.leave();
  return fail('interrupted', `Stopped waiting for the task ${name}; it goes on.`);
}

async function left(failure: Failure, log: Log): Promise<Failure> {
  await log.leave();
  return failure;
}

async function removed(name: string, log: Log): Promise<Failure> {
  await log.leave();
  return removedBy(name);
}

function removedBy(name: string): Failure {
  return fail('refused', `The cluster does not know Job ${name} any more; somebody removed it.`);
}

/** What can never begin need not wait for its time to run out; and as nothing was run, nothing is kept. */
async function giveUp(cluster: Cluster, name: string, why: string, log: Log): Promise<JobResult | Failure> {
  const failure = await cluster.remove(others.Job, name);
  await log.leave();
  return failure ?? { ok: false, why, log: [] };
}
