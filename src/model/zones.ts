/** Minutes by which the clocks of a zone are before UTC; undefined for a zone that nobody knows. */
export type Offset = (at: number) => number;

/** The clocks of a time zone; undefined for a zone that nobody knows. */
export function offsetsOf(timezone: string): Offset | undefined {
  if (/^(Etc\/)?(UTC|GMT)$/.test(timezone)) return () => 0;
  const format = formatOf(timezone);
  return format && ((at) => minutesIn(format.format(at)));
}

/** The name by which a time zone is found in every copy of its database; undefined for one that is in none. */
export function zoneName(timezone: string): string | undefined {
  if (/^(Etc\/)?(UTC|GMT)$/.test(timezone)) return timezone;
  const name = formatOf(timezone)?.resolvedOptions().timeZone;
  return name === 'UTC' || name?.includes('/') ? name : undefined;
}

/** Making one takes longer than all else that is done with it; a zone's never changes. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(timezone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en', {
      timeZone: timezone,
      timeZoneName: 'longOffset',
      year: 'numeric',
    });
    formats.set(timezone, format);
    return format;
  } catch {
    return undefined;
  }
}

/** `2026, GMT+05:45` */
function minutesIn(text: string): number {
  const [, sign = '+', hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/**
 * What clocks of a time zone show, as if it were UTC: Chronos takes the clock fields of a start as they stand and
 * puts its time zone behind them.
 */
export function clockIn(timezone: string | undefined, now: number): number {
  const offset = timezone ? offsetsOf(timezone) : undefined;
  return now + (offset?.(now) ?? 0) * 60_000; // Chronos takes a zone that it does not know for GMT
}

/** The moment when clocks of a zone show what `clock` says as if it were UTC. */
export function instantOf(clock: number, timezone: string): number {
  const offset = offsetsOf(timezone) ?? (() => 0);
  const guess = clock - offset(clock) * 60_000;
  return clock - offset(guess) * 60_000;
}

/** Whether a zone keeps one offset all year; a zone that nobody knows may do anything. */
export function isFixed(timezone: string): boolean {
  return offsetsThroughYears(timezone)?.size === 1;
}

/** Every offset of a zone in two years; undefined for a zone that nobody knows. */
export function offsetsThroughYears(timezone: string): ReadonlySet<number> | undefined {
  const offset = offsetsOf(timezone);
  return offset && new Set(Array.from({ length: 24 }, (_, month) => offset(Date.UTC(2026, month, 1))));
}
