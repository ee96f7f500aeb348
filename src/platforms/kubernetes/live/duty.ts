import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, list, record, text } from '../../json.ts';
import { kinds } from '../kinds.ts';
import type { Live } from './live.ts';
import { timeOf } from './pod.ts';
import { ofApp, ours } from './selectors.ts';

/** The cluster writes times in whole seconds; more than that is a clock that is off, ms. */
const blurMs = 2_000;

/**
 * See `Home.setDuty`. Awakened, a CronJob makes up for what it missed since it last ran, as far as its starting
 * deadline reaches; so it is told first that it ran just now. Put to sleep, it lets run what runs.
 */
export async function setDuty(
  live: Pick<Live, 'cluster' | 'clock'>,
  app: string,
  duty: 'armed' | 'disarmed',
  signal?: AbortSignal,
): Promise<undefined | Failure> {
  const found = await live.cluster.list(kinds.CronJob, { labels: `${ours},${ofApp(app)}`, signal });
  if (isFailure(found)) return found;
  const suspend = duty === 'disarmed';
  const due = found.filter((cron) => (record(cron['spec'])['suspend'] === true) !== suspend);
  const failures = await Promise.all(
    due.map(async (cron) => {
      const name = text(record(cron['metadata'])['name']) ?? '';
      const failure = suspend ? undefined : await forgetMissed(live, name, signal);
      return failure ?? (await patched(live, name, { spec: { suspend } }, signal));
    }),
  );
  return failures.find(isFailure);
}

async function forgetMissed(
  { cluster, clock }: Pick<Live, 'cluster' | 'clock'>,
  name: string,
  signal?: AbortSignal,
): Promise<undefined | Failure> {
  const ranAt = async (ms: number) =>
    await cluster.patch(
      kinds.CronJob,
      name,
      { status: { lastScheduleTime: secondsOf(ms) } },
      { part: 'status', signal },
    );
  const now = clock.now();
  const answer = await ranAt(now);
  if (answer === undefined || isFailure(answer)) return answer;
  const there = writtenAt(answer);
  const isOff = there > 0 && Math.abs(there - now) > blurMs;
  const again = isOff ? await ranAt(there) : undefined;
  return isFailure(again) ? again : undefined;
}

/** What was removed meanwhile has no duty. */
async function patched({ cluster }: Pick<Live, 'cluster'>, name: string, body: Json, signal?: AbortSignal) {
  const answer = await cluster.patch(kinds.CronJob, name, body, { signal });
  return isFailure(answer) ? answer : undefined;
}

/** By the cluster's own clock, when its status was written last; ms since 1970. */
function writtenAt(cron: Json): number {
  const entries = list(record(cron['metadata'])['managedFields']);
  return Math.max(
    0,
    ...entries.filter((one) => one['subresource'] === 'status').map((one) => timeOf(one['time'])),
  );
}

function secondsOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
