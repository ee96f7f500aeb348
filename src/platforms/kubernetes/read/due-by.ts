import type { NativeObject } from '../../../model/native.ts';
import type { Schedule } from '../../../model/schedule.ts';
import { record, text } from '../../json.ts';
import { readSchedule } from '../compile/schedule.ts';

/** A CronJob goes by its line. */
export function dueBy({ kind, body }: NativeObject): Schedule | undefined {
  if (kind !== 'CronJob') return undefined;
  const { schedule, timeZone } = record(body['spec']);
  return readSchedule(text(schedule) ?? '', text(timeZone));
}
