import type { JobStore } from './record.ts';

/** What a job that goes leaves to its children: its schedule, or its parents. */
export function handDown(store: JobStore, name: string): void {
  const gone = store.records.get(name);
  if (!gone) return;
  for (const record of [...store.records.values()]) {
    const { parents, ...job } = record.job;
    if (!parents?.includes(name)) continue;
    if (gone.job.parents) {
      const others = parents.filter((parent) => parent !== name);
      const inherited = [...new Set([...others, ...gone.job.parents])];
      store.put({ ...record, job: { ...job, parents: inherited } });
    } else {
      const { schedule = '', scheduleTimeZone = '' } = gone.job;
      const own = gone.schedule ? { schedule: gone.schedule } : {};
      store.put({ ...record, job: { ...job, schedule, scheduleTimeZone }, ...own });
    }
  }
}

/** As the real one does when it loads: a job with a parent that nobody knows is dropped. */
export function dropOrphans(store: JobStore): void {
  for (const { job } of [...store.records.values()]) {
    if (job.parents?.some((parent) => !store.records.has(parent))) store.remove(job.name);
  }
}
