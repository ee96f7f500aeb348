import type { JobRecord } from './record.ts';

/** What GETs see. A job that was just submitted is seen as it was before, for a moment: Chronos is asynchronous. */
export interface View {
  /** To be called before a job is submitted. */
  veil(name: string): void;
  one(name: string): JobRecord | undefined;
  all(): readonly JobRecord[];
}

/** `lateMs`: how long a submission stays unseen. `now` in ms, of a clock that only goes forward. */
export function lateView(
  records: ReadonlyMap<string, JobRecord>,
  lateMs: number,
  now: () => number = () => performance.now(),
): View {
  const veils = new Map<string, { readonly before: JobRecord | undefined; readonly until: number }>();
  const one = (name: string): JobRecord | undefined => {
    const veil = veils.get(name);
    if (veil && now() < veil.until) return veil.before;
    veils.delete(name);
    return records.get(name);
  };
  return {
    veil(name) {
      veils.set(name, { before: one(name), until: now() + lateMs });
    },
    one,
    all: () => [...records.keys()].flatMap((name) => one(name) ?? []),
  };
}
