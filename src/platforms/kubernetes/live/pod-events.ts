import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, number, record, text } from '../../json.ts';
import type { Cluster } from '../cluster.ts';
import { others } from '../kinds.ts';
import { timeOf } from './pod.ts';

/** What the parts of a cluster say of an object while they deal with it. */
export interface PodEvent {
  /** `Unhealthy`, `FailedMount`, `Pulling`. */
  readonly reason: string;
  readonly message: string;
  readonly isWarning: boolean;
  readonly count: number;
  /** Last time, ms since 1970. */
  readonly at: number;
}

/** Events of one pod, the last one first. Who may not read them gets none: they only make an answer better. */
export async function eventsOf(
  cluster: Cluster,
  uid: string,
  signal?: AbortSignal,
): Promise<readonly PodEvent[]> {
  const found: readonly Json[] | Failure = await cluster.list(others.Event, {
    fields: `involvedObject.uid=${uid}`,
    signal,
  });
  if (isFailure(found)) return [];
  return found.map(eventOf).sort((a, b) => b.at - a.at);
}

function eventOf(body: Json): PodEvent {
  const series = record(body['series']);
  const times = [
    body['lastTimestamp'],
    series['lastObservedTime'],
    body['eventTime'],
    body['firstTimestamp'],
  ];
  return {
    reason: text(body['reason']) ?? '',
    message: text(body['message'])?.trim() ?? '',
    isWarning: body['type'] === 'Warning',
    count: number(series['count']) ?? number(body['count']) ?? 1,
    at: Math.max(...times.map(timeOf)),
  };
}
