import { chronos } from './chronos/chronos.ts';
import type { ClusterFacade } from './cluster.ts';
import { marathon } from './marathon/marathon.ts';
import { mesos } from './mesos/mesos.ts';

/** The APIs that every cluster of a lab has. */
export const facades = [mesos, marathon, chronos] as const satisfies readonly ClusterFacade[];
