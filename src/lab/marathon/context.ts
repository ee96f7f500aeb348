import type { Agent } from '../agent/agent.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import type { EventBus } from './events/bus.ts';
import type { State } from './state.ts';

/** What every part of the facade works with. */
export interface Marathon {
  readonly state: State;
  readonly orchestrator: Orchestrator;
  readonly agent: Agent;
  readonly events: EventBus;
  /** ms since 1970. */
  readonly now: () => number;
  readonly cluster: string;
  /** `127.0.0.1:8080`. */
  readonly address: string;
  readonly mesosUrl: string;
  /** Told of what went wrong where nobody waits for an answer. */
  readonly onBug: (error: unknown) => void;
}
