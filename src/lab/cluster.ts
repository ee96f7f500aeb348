import type { Failure } from '../model/failure.ts';
import type { Agent } from './agent/agent.ts';
import type { Orchestrator } from './orchestrator/orchestrator.ts';

/**
 * One API of a cluster: Marathon, Chronos, Mesos. The daemon starts each with its own port and folder; all of a
 * cluster share the orchestrator. A facade listens on 127.0.0.1 only, restores its own state from its folder and
 * attaches its listeners before it returns; after that the daemon calls `orchestrator.start()`.
 */
export interface ClusterFacade {
  /** Its key in lab.json. */
  readonly name: 'marathon' | 'chronos' | 'mesos';
  start(context: ClusterContext): Promise<RunningFacade | Failure>;
}

export interface ClusterContext {
  /** Name of the cluster, which is the name of the environment. */
  readonly cluster: string;
  readonly agent: Agent;
  /** Named `marathon:CLUSTER`. */
  readonly orchestrator: Orchestrator;
  /** Always 127.0.0.1. */
  readonly host: string;
  /** Free when the daemon chose it, and the same again after a restart. */
  readonly port: number;
  /** URL that the Mesos endpoints of this cluster have or will have. */
  readonly mesosUrl: string;
  /** For its own state; exists, mode 0700. */
  readonly folder: string;
}

export interface RunningFacade {
  /** `http://127.0.0.1:10001`. */
  readonly url: string;
  /** Writes its state down and stops listening; tasks stay. */
  close(): Promise<void>;
}
