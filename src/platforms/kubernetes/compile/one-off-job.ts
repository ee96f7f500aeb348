import type { Job } from '../../../model/app.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import type { Json } from '../../json.ts';
import type { JobRun } from '../../platform.ts';
import { secretRefs, stampsOf } from '../../remarks.ts';
import { plain } from '../names.ts';
import type { KubernetesSettings } from '../settings.ts';
import { stampAnnotations } from '../stamps.ts';
import { jobComponent, versionedLabels } from './labels.ts';
import { compilePod } from './pod.ts';
import { isInCluster, type SecretKeys } from './secrets.ts';

/** What a one-off task is made of, ready to be sent: its secrets are looked up. */
export interface OneOffJob {
  readonly name: string;
  readonly job: Json;
  /** Holds the secrets of this run only; it should go with the Job. */
  readonly secret?: Json;
}

/** A process that was interrupted has to find its task again, even after a weekend, s. */
const keptSeconds = 7 * 86_400;

/** The name follows from the run's id: the same run is the same Job for ever. Fails with `missing-secret`. */
export function oneOffJob(job: Job, run: JobRun, settings: KubernetesSettings): OneOffJob | Failure {
  const name = plain(run.id);
  const refs = secretRefs(job.env);
  const stamps = stampsOf(run.release, { once: job.purpose, run: run.id }, refs);
  const metadata = {
    labels: versionedLabels(run.app, jobComponent, run.release.version),
    annotations: stampAnnotations(stamps),
  };
  const keys: SecretKeys = { secret: `${name}-env`, keyOf: (variable) => variable };
  const secret = secretOf(job, run, keys.secret, metadata);
  if (isFailure(secret)) return secret;
  const body = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, ...metadata },
    spec: {
      // A migration that failed half-way is for people to look at, not to be run once more.
      backoffLimit: 0,
      activeDeadlineSeconds: Math.max(1, Math.ceil(job.timeoutMs / 1_000)),
      ttlSecondsAfterFinished: keptSeconds,
      template: podOf(job, run, settings, keys),
    },
  };
  return { name, job: body, ...(secret ? { secret } : {}) };
}

function podOf(job: Job, run: JobRun, settings: KubernetesSettings, keys: SecretKeys): Json {
  const app = { name: run.app, version: run.release.version };
  const spec = { restartPolicy: 'Never' };
  return compilePod({ app, component: jobComponent, workload: job, settings, keys, spec });
}

function secretOf(job: Job, run: JobRun, name: string, metadata: Json): Json | undefined | Failure {
  const own = Object.entries(secretRefs(job.env)).filter(([, ref]) => !isInCluster(ref));
  if (own.length === 0) return undefined;
  const stringData: Record<string, string> = {};
  for (const [variable, ref] of own) {
    const value = run.reveal({ kind: 'Secret', ref });
    if (isFailure(value)) return { ...value, message: `${variable}: ${value.message}` };
    stringData[variable] = value;
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...metadata },
    type: 'Opaque',
    immutable: true,
    stringData,
  };
}
