/** Failures of the wanted version since a rollout began, gathered over many looks. */
export interface Failures {
  /** Ids of the tasks that failed or were killed as unhealthy. */
  readonly tasks: ReadonlySet<string>;
  readonly last: TaskFailure | undefined;
}

export interface TaskFailure {
  readonly task: string;
  /** In the platform's words. */
  readonly message: string;
}

/** One instance of the wanted version; it keeps its id when its task is started again. */
export interface Start {
  readonly instance: string;
  /** From 1; each start is one more. */
  readonly incarnation: number;
  readonly hasEnded: boolean;
}

export interface FailureLook {
  readonly starts: readonly Start[];
  /** The version came with this rollout, so that all its failures count. */
  readonly isNew: boolean;
  /** The last one that the platform remembers, where it counts. */
  readonly last: TaskFailure | undefined;
}

export type FailureCounter = (look: FailureLook) => Failures;

/** So many failures of the new version end a rollout. */
export const mostFailures = 3;

/**
 * A platform remembers one failure only. But an instance counts its starts, so n of them mean n − 1 failures. In a
 * version older than the rollout the first look is the zero.
 */
export function failureCounter(): FailureCounter {
  const failed = new Set<string>();
  let zeros: ReadonlyMap<string, number> | undefined;
  return ({ starts, isNew, last }) => {
    zeros ??= new Map(isNew ? [] : starts.map((start) => [start.instance, failuresOf(start)]));
    for (const start of starts) {
      const from = (zeros.get(start.instance) ?? 0) + 1;
      for (let n = from; n <= failuresOf(start); n++) failed.add(`${start.instance}._app.${n}`);
    }
    if (last) failed.add(last.task);
    return { tasks: failed, last };
  };
}

/** Counters by app and beginning of a rollout. */
export type Counters = Map<string, FailureCounter>;

export function counterFor(counters: Counters, id: string, since: number): FailureCounter {
  const key = `${id} ${since}`;
  const counter = counters.get(key) ?? failureCounter();
  counters.set(key, counter);
  return counter;
}

function failuresOf({ incarnation, hasEnded }: Start): number {
  return incarnation - (hasEnded ? 0 : 1);
}

/** What a failed rollout says: how often, and how the last one ended. */
export function whyFailed({ tasks, last }: Failures): string {
  return `${tasks.size} tasks of the new version failed, the last one: ${last?.message ?? 'no reason given'}`;
}
