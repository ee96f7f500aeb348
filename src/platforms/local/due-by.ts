import { alignedStart, readInterval } from '../../model/interval.ts';
import type { NativeObject } from '../../model/native.ts';
import type { Schedule } from '../../model/schedule.ts';
import { given } from '../json.ts';
import { cronKind } from './names.ts';

/**
 * The supervisor goes by the interval where there is one, and lays one without a start on whole periods by the clock
 * of its zone; one of so many runs is counted from when it was made.
 */
export function dueBy({ kind, body }: NativeObject): Schedule | undefined {
  if (kind !== cronKind) return undefined;
  const { iso, cron, timezone } = body['schedule'] as Schedule;
  if (iso === undefined) return given({ cron, timezone });
  const interval = readInterval(iso, timezone);
  const isAligned = interval && interval.start === undefined && interval.repeat === undefined;
  if (!isAligned) return given({ iso, timezone });
  const start = new Date(alignedStart(interval.period, 0)).toISOString();
  return given({ iso: iso.replace('//', `/${start}/`), timezone });
}
