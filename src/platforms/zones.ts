/** Minutes by which the clocks of a zone are before UTC; undefined for a zone that nobody knows. */
export type Offset = (at: number) => number;

/** The clocks of a time zone; undefined for a zone that nobody knows. */
export function offsetsOf(timezone: string): Offset | undefined {
  if (/^(Etc\/)?(UTC|GMT)$/.test(timezone)) return () => 0;
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' });
    return (at) => {
      const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign = '+', hours = 0, minutes = 0] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
      return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    };
  } catch {
    return undefined;
  }
}

/**
 * What clocks of a time zone show, as if it were UTC: Chronos takes the clock fields of a start as they stand and
 * puts its time zone behind them.
 */
export function clockIn(timezone: string | undefined, now: number): number {
  const offset = timezone ? offsetsOf(timezone) : undefined;
  return now + (offset?.(now) ?? 0) * 60_000; // Chronos takes a zone that it does not know for GMT
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
