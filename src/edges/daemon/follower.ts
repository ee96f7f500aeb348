import type { Clock } from '../../host/host.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Backend } from '../edge.ts';

/**
 * Where the instances of an app in a home are: what is now, then again at every change, until `signal` aborts.
 * Asking for the next value says that the instances missing from the last one are drained.
 */
export type Follow = (
  app: string,
  environment: string,
  home: string,
  signal: AbortSignal,
) => AsyncIterable<readonly Backend[] | Failure>;

/** Keeps the instances of one home behind one front as the home says they are. */
export interface Follower {
  /** Whether the home has spoken since the edge started; until then, what was known before holds. */
  readonly seen: boolean;
  /** Why it cannot be followed at the moment; what was known last holds meanwhile. */
  readonly problem: string | undefined;
  stop(): void;
}

export interface FollowerContext {
  readonly app: string;
  readonly environment: string;
  readonly home: string;
  readonly follow: Follow;
  readonly clock: Clock;
  /**
   * These are the home's instances from now on. Resolves when that is so and written down, and what left is drained
   * or had its time for that.
   */
  readonly take: (home: string, backends: readonly Backend[], signal: AbortSignal) => Promise<unknown>;
  readonly log: (line: string) => void;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

export function startFollower(context: FollowerContext): Follower {
  const stopping = new AbortController();
  const state = { seen: false, problem: undefined as string | undefined };
  void keepFollowing(context, state, stopping.signal);
  return {
    get seen() {
      return state.seen;
    },
    get problem() {
      return state.problem;
    },
    stop: () => stopping.abort(),
  };
}

interface State {
  seen: boolean;
  problem: string | undefined;
}

async function keepFollowing(context: FollowerContext, state: State, signal: AbortSignal): Promise<void> {
  const { clock, log, home, app, environment } = context;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const before = state.problem;
    const { heard, problem } = await followOnce(context, state, signal);
    if (signal.aborted) return;
    state.problem = problem;
    if (problem !== before) log(`${app} in ${environment}.${home} is not followed: ${problem}`);
    pauseMs = heard ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
    await clock.sleep(pauseMs, signal);
  }
}

/** Follows until it ends or fails. */
async function followOnce(context: FollowerContext, state: State, signal: AbortSignal) {
  const { app, environment, home, follow, take } = context;
  let heard = false;
  try {
    for await (const backends of follow(app, environment, home, signal)) {
      if (signal.aborted) break;
      if (isFailure(backends)) return { heard, problem: backends.message };
      heard = true;
      state.seen = true;
      state.problem = undefined;
      await take(home, backends, signal);
    }
    return { heard, problem: 'the home ended the stream of instances' };
  } catch (error) {
    // A fault in a driver must not take the traffic of every other app down with it.
    return { heard, problem: `fault: ${error instanceof Error ? error.stack : error}` };
  }
}
