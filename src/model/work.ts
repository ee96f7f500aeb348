import type { App, Env, Work } from './app.ts';
import type { Residency } from './residence.ts';

/** As much of a residency as a model depends on. */
export type Standing = Pick<Residency, 'share' | 'duty'>;

/**
 * The model of an app in a home with this residency: real variables or those of its twin, and a worker's instances.
 * An app without `work` is the same everywhere; one that has no twin does not run where it must take no real work.
 * Settling again, with another residency, forgets the first.
 */
export function settle(app: App, standing: Standing): App {
  const { work, backing: _, ...rest } = app;
  if (!work) return app;
  const twin = takesWork(work, standing) ? undefined : work.twin;
  const put = <T extends { readonly env: Env }>(workload: T): T => ({
    ...workload,
    env: { ...workload.env, ...work.real, ...twin?.env },
  });
  const count = instancesIn(work, standing);
  const instances = count === undefined ? {} : { instances: count };
  return {
    ...rest,
    services: rest.services.map((service) => ({ ...put(service), ...instances })),
    jobs: rest.jobs.map(put),
    crons: rest.crons.map(put),
    ...(twin && twin.backing.length > 0 ? { backing: twin.backing } : {}),
    work,
  };
}

/** Undefined where they do not follow the residency. */
function instancesIn(work: Work, standing: Standing): number | undefined {
  if (work.instances !== undefined) return workersIn(work, standing);
  return work.bound === undefined || takesWork(work, standing) ? work.bound : 0;
}

/** Whether a home takes real work of an app. A dark one, without share and off duty, never does. */
export function takesWork({ consumes }: Pick<Work, 'consumes'>, { share, duty }: Standing): boolean {
  return duty || (consumes === 'shared' && share > 0);
}

/**
 * Instances of a worker in one home: its share of them, rounded up, so that those of all homes are never fewer than
 * wanted. A home that takes no real work runs one on the twin, as a proof that the version can start there; without
 * a twin it runs none.
 */
export function workersIn(work: Pick<Work, 'consumes' | 'instances' | 'twin'>, standing: Standing): number {
  const { consumes, instances = 0, twin } = work;
  if (!takesWork(work, standing)) return twin ? Math.min(instances, 1) : 0;
  if (consumes === 'single') return instances;
  // The last digits of a third are not meant.
  return Math.ceil(Number(((instances * standing.share) / 100).toFixed(9)));
}
