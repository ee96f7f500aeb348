import { isFailure } from '../../model/failure.ts';
import { openShelf } from '../shelf.ts';
import type { Cron } from './cron.ts';
import { type DueTimes, dueTimes } from './due-times.ts';

/** All crons, on disk and in memory, and those who listen. */
export interface CronBook {
  readonly problems: readonly string[];
  get(key: string): Cron | undefined;
  list(): readonly Cron[];
  /** On disk when it returns; then it is told. */
  keep(cron: Cron): void;
  remove(key: string): void;
  times(cron: Cron): DueTimes;
  /** When it is due next, ms since 1970; undefined while disarmed or when it is over. */
  next(cron: Cron): number | undefined;
  on(listener: (cron: Cron) => void): () => void;
}

export function openCronBook(folder: string): CronBook {
  const shelf = openShelf<Cron>(folder);
  const crons = new Map(shelf.loaded.map((cron) => [cron.key, cron]));
  const known = new Map<string, { readonly schedule: object; readonly times: DueTimes }>();
  const listeners = new Set<(cron: Cron) => void>();
  const times = ({ key, input, createdAt }: Cron): DueTimes => {
    const before = known.get(key);
    if (before?.schedule === input.schedule) return before.times;
    const found = dueTimes(input.schedule, createdAt);
    const usable: DueTimes = isFailure(found) ? () => undefined : found;
    known.set(key, { schedule: input.schedule, times: usable });
    return usable;
  };
  return {
    problems: shelf.problems,
    get: (key) => crons.get(key),
    list: () => [...crons.values()],
    keep(cron) {
      crons.set(cron.key, cron);
      shelf.save(cron.key, cron);
      for (const listener of listeners) listener(cron);
    },
    remove(key) {
      crons.delete(key);
      known.delete(key);
      shelf.remove(key);
    },
    times,
    next: (cron) => (cron.input.armed ? times(cron)(cron.doneUntil) : undefined),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
