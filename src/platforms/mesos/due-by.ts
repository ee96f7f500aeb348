import type { NativeObject } from '../../model/native.ts';
import type { Schedule } from '../../model/schedule.ts';
import { given, text } from '../json.ts';
import { chronosKind } from './names.ts';
import { isOneOff } from './read-job.ts';

/** Chronos goes by what it stores, which begins with the next run. */
export function dueBy(live: NativeObject): Schedule | undefined {
  const iso = text(live.body['schedule']);
  if (live.kind !== chronosKind || iso === undefined || isOneOff(live)) return undefined;
  return given({ iso, timezone: text(live.body['scheduleTimeZone']) || undefined });
}
