import { existsSync, readFileSync } from 'node:fs';

export interface Ticks {
  readonly expected: number;
  readonly missed: number;
  readonly doubled: number;
}

/**
 * Counts what a periodic task wrote about itself, one line of JSON with `at` each time, against its schedule:
 * one tick per period between the deployment that brought it and `end`, both ms since 1970.
 */
export function countTicks(file: string, periodMs: number, begin: number, end: number): Ticks {
  const times = readTimes(file);
  const first = times[0] ?? begin + periodMs;
  // A tick counts for the moment it is nearest to: starting a process takes time.
  const slot = (time: number) => Math.round((time - first) / periodMs);
  const beforeFirst = Math.max(0, Math.floor((first - begin) / periodMs - 0.5));
  const slots = Math.max(0, Math.floor((end - first) / periodMs - 0.5) + 1);
  const counts = new Map<number, number>();
  for (const time of times) counts.set(slot(time), (counts.get(slot(time)) ?? 0) + 1);
  const missed = Array.from({ length: slots }, (_, index) => index).filter((index) => !counts.has(index));
  const doubled = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
  return { expected: beforeFirst + slots, missed: beforeFirst + missed.length, doubled };
}

function readTimes(file: string): number[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => Date.parse((JSON.parse(line) as { at: string }).at)).sort((a, b) => a - b);
}
