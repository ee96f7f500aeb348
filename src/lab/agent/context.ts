import type { Failure } from '../../model/failure.ts';
import type { Mounting, PortRequest } from './agent.ts';
import type { Board } from './board.ts';

/** What the parts of the agent share. */
export interface AgentContext {
  readonly board: Board;
  readonly host: string;
  /** Folder of all sandboxes. */
  readonly sandboxes: string;
  readonly mounting: Mounting;
  readonly image: (name: string) => string | Failure;
  readonly allocate: (requests: readonly PortRequest[]) => Promise<readonly number[] | Failure>;
  readonly free: (ports: readonly number[]) => void;
  /** True once nothing shall be launched any more. */
  readonly stopping: () => boolean;
  /** True once the agent shall do nothing any more. */
  readonly closed: () => boolean;
}
