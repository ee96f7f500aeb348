import type { Tick } from './story.ts';

/** The runs of one cron around the change of duty. */
export interface CronRuns {
  readonly cron: string;
  /** Oldest first. */
  readonly ticks: readonly { readonly home: string; readonly at: number }[];
  /** Usual distance of two runs, ms; undefined for too few to tell. */
  readonly everyMs?: number;
  /** When a run should have been and was not; undefined for too few to tell. */
  readonly missed?: readonly number[];
  /** When a run came that had been already. */
  readonly doubled?: readonly number[];
}

/**
 * Judges each cron by the usual distance of its own runs: two that are less than half of it apart are one too
 * many, a hole of more than one and a half of it lacks some. A run that was only late is neither. It takes three
 * runs to know what is usual.
 */
export function cronRuns(ticks: readonly Tick[]): readonly CronRuns[] {
  const names = [...new Set(ticks.map(({ cron }) => cron))].sort();
  return names.map((cron) => {
    const own = ticks
      .filter((tick) => tick.cron === cron)
      .map(({ home, at }) => ({ home, at: Date.parse(at) }))
      .sort((a, b) => a.at - b.at);
    return { cron, ticks: own, ...judged(own.map(({ at }) => at)) };
  });
}

function judged(times: readonly number[]): Omit<CronRuns, 'cron' | 'ticks'> {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const everyMs = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  if (gaps.length < 2 || everyMs === undefined || everyMs <= 0) return {};
  const missed: number[] = [];
  const doubled: number[] = [];
  for (let index = 0; index < gaps.length; index += 1) {
    const [from = 0, gap = 0, next] = [times[index], gaps[index], gaps[index + 1]];
    if (isLate(gap, next, everyMs)) index += 1;
    else if (gap < everyMs / 2) doubled.push(from + gap);
    else {
      const amount = gap > everyMs * 1.5 ? Math.round(gap / everyMs) - 1 : 0;
      for (let slot = 1; slot <= amount; slot += 1) missed.push(from + slot * everyMs);
    }
  }
  return { everyMs, missed, doubled };
}

/** A long wait and then a short one that are two usual ones together. */
function isLate(gap: number, next: number | undefined, everyMs: number): boolean {
  if (next === undefined || gap <= everyMs * 1.5 || next >= everyMs / 2) return false;
  return Math.abs(gap + next - 2 * everyMs) < everyMs / 4;
}
