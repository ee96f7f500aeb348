import { parseDuration } from '../../model/duration.ts';

/** A DURATION of the command line in ms: `500ms`, `30s`, `5m`, `24h`, and `0`; undefined for anything else. */
export function durationFlag(text: string): number | undefined {
  return text === '0' ? 0 : parseDuration(text);
}

/** How long something took, or takes so far at `now`: then in whole seconds, so that it does not flicker. */
export function showSpan(from: string, to: string | undefined, now: number): string {
  if (to !== undefined) return showDuration(Date.parse(to) - Date.parse(from));
  const seconds = Math.floor((now - Date.parse(from)) / 1000);
  return seconds < 10 ? `${Math.max(0, seconds)} s` : showDuration(seconds * 1000);
}

/** For people: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function showDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(Math.floor(whole / 60), 'min', whole % 60, 's');
  return two(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
}

function two(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
