import { isFailure } from '../../../model/failure.ts';
import type { JobResult, JobRun } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import type { Outcome } from './job-outcome.ts';
import type { Container, Pod } from './pod.ts';
import { linesOf } from './pod-log.ts';

/** Lines that a result keeps. */
const mostLines = 100;

/** The log of a task: its lines are handed on while they come, and the last ones are kept for its result. */
export function followJob(cluster: Cluster, { onLine, signal }: JobRun) {
  const leaving = new AbortController();
  const until = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  let place: { readonly pod: string; readonly container: string } | undefined;
  let following: Promise<void> | undefined;
  /** Lines that were handed on. */
  let count = 0;

  function take(line: string): void {
    count++;
    onLine?.(line);
  }

  async function follow(): Promise<void> {
    if (!place) return;
    const { pod, container } = place;
    let at = 0;
    for await (const line of cluster.log(pod, { container, follow: true, signal: until })) {
      if (!isFailure(line) && ++at > count) take(line);
    }
    following = undefined;
  }

  /** Has to be told of the pod as it is now. */
  function see(pod: Pod | undefined): void {
    const begun = pod?.containers.find(hasBegun);
    if (!pod || !begun) return;
    place = { pod: pod.name, container: begun.name };
    // A stream that was cut is begun again; what it told before is skipped.
    if (onLine && begun.ended === undefined) following ??= follow();
  }

  /** The whole log once more: a stream that was cut, or never begun, has missed the end of it. */
  async function finish(outcome: Outcome): Promise<JobResult> {
    await leave();
    if (!place) return { ...outcome, log: [] };
    const { pod, container } = place;
    const whole = await linesOf(cluster, pod, { container, signal });
    for (const line of onLine ? whole.slice(count) : []) take(line);
    return { ...outcome, log: whole.slice(-mostLines) };
  }

  async function leave(): Promise<void> {
    leaving.abort();
    await following;
  }

  return { see, finish, leave };
}

function hasBegun({ runningSince, ended }: Container): boolean {
  return runningSince !== undefined || ended !== undefined;
}
