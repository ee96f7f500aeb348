/** `48,210` */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** `48,210 requests`, `1 request` */
export function counted(value: number, one: string): string {
  return `${count(value)} ${value === 1 ? one : `${one}s`}`;
}

/** A number with as many digits as it needs: `1,240`, `12.5`, `0.04`. */
export function measure(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** ms: `4.2 ms`, `1.25 s`. */
export function latency(ms: number): string {
  return ms < 1_000 ? `${measure(ms)} ms` : `${measure(ms / 1_000)} s`;
}

/** A part of a whole: `0 %`, `0.02 %`, `under 0.01 %`. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const value = (part / whole) * 100;
  return value < 0.01 ? 'under 0.01 %' : `${measure(value)} %`;
}

/** `40 ms`, `1.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `1 d 3 h`. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(Math.max(0, ms))} ms`;
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return two(whole, 60, 'min', 1, 's');
  return whole < 86_400 ? two(whole, 3_600, 'h', 60, 'min') : two(whole, 86_400, 'd', 3_600, 'h');
}

/** Of an ISO time or ms since 1970: `12:00:01`, UTC. */
export function clock(at: string | number): string {
  return iso(at).slice(11, 19);
}

/** `2026-11-23 12:00:01 UTC` */
export function moment(at: string | number): string {
  return `${iso(at).slice(0, 10)} ${clock(at)} UTC`;
}

/** `23 Nov` */
export function day(at: string | number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** What is no time reads as the beginning of time, so that a report is made of whatever was recorded. */
function iso(at: string | number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

function two(whole: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((whole % big) / small);
  return `${Math.floor(whole / big)} ${bigUnit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`;
}
