import { numberOf, type Range, ranges } from '../../cron-fields.ts';

/**
 * A cron expression as Kubernetes takes it, or undefined for one that it refuses. Its parser
 * (github.com/robfig/cron, ParseStandard) knows Sunday as 0 only; anything else stays as it was written.
 */
export function cronLine(expression: string): string | undefined {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== ranges.length) return undefined;
  const written = ranges.map((range, at) => fieldOf(fields[at] ?? '', range));
  return written.includes(undefined) ? undefined : written.join(' ');
}

function fieldOf(field: string, range: Range): string | undefined {
  const parts = field.split(',').map((part) => partOf(part, range));
  return parts.includes(undefined) ? undefined : parts.join(',');
}

function partOf(part: string, range: Range): string | undefined {
  const [from, to] = range;
  const [, open, first, last, step] = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  const by = Number(step ?? 1);
  if (by < 1) return undefined;
  if (open !== undefined) return part;
  if (first === undefined) return undefined;
  const start = numberOf(first, range);
  const end = last === undefined ? undefined : numberOf(last, range);
  if (start === undefined || (last !== undefined && end === undefined)) return undefined;
  if (start < from || start > (end ?? start)) return undefined;
  return start > to || (end ?? 0) > to ? sundays(start, end, by) : part;
}

/** Days of the week where Sunday is 7. */
function sundays(start: number, end: number | undefined, by: number): string {
  const days: number[] = [];
  for (let day = start; day <= (end ?? start); day += by) days.push(day % 7);
  return days.join(',');
}
