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
 * many, a hole of more than one and a half of it lacks some. It takes three runs to know what is usual.
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
  const gaps = times
    .slice(1)
    .map((time, index) => ({ from: times[index] ?? time, ms: time - (times[index] ?? time) }));
  const everyMs = gaps.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  if (gaps.length < 2 || everyMs === undefined || everyMs <= 0) return {};
  const missed = gaps.flatMap(({ from, ms }) => {
    const amount = ms > everyMs * 1.5 ? Math.round(ms / everyMs) - 1 : 0;
    return Array.from({ length: amount }, (_, index) => from + (index + 1) * everyMs);
  });
  const doubled = gaps.filter(({ ms }) => ms < everyMs / 2).map(({ from, ms }) => from + ms);
  return { everyMs, missed, doubled };
}
