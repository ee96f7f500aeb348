import { type Failure, isFailure } from '../../../model/failure.ts';
import type { Change } from '../../../model/native.ts';
import { record } from '../../json.ts';
import type { Cluster } from '../cluster.ts';
import { kinds } from '../kinds.ts';

/** Names of CronJobs that are to be changed and are armed: they stay so. A new one sleeps; nothing is asked for it. */
export async function armedCrons(
  cluster: Cluster,
  changes: readonly Change[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string> | Failure> {
  const names = changes.flatMap(({ action, after }) =>
    action === 'update' && after?.kind === 'CronJob' ? [after.id] : [],
  );
  const crons = await Promise.all(names.map((name) => cluster.get(kinds.CronJob, name, signal)));
  const failure = crons.find(isFailure);
  if (failure) return failure;
  return new Set(names.filter((_, at) => isArmed(crons[at])));
}

function isArmed(cron: unknown): boolean {
  return cron !== undefined && record(record(cron)['spec'])['suspend'] !== true;
}
