import type { Host } from '../../host/host.ts';
import { isFailure } from '../../model/failure.ts';
import type { HaproxyProcess } from './process.ts';
import type { RuntimeApi } from './runtime-api.ts';

/** An old process answers within this time, ms, or has ended. */
const oldMs = 1_000;
const lookMs = 5;

/** The processes that carry requests at the moment: the current one, and those that reloads left. */
export interface AllWorkers {
  /** The current one, which every change must reach. */
  readonly current: RuntimeApi;
  /** Tells all of them. What an old one answers does not count: it may have ended. */
  tell(commands: readonly string[]): ReturnType<RuntimeApi>;
  /** Answers by process. */
  askAll(commands: readonly string[]): Promise<ReadonlyMap<number, string>>;
  /** Looks again which there are. */
  look(): Promise<void>;
  readonly old: readonly number[];
}

export function allWorkers(
  { processes, clock }: Host,
  process: HaproxyProcess,
  current: RuntimeApi,
): AllWorkers {
  let old: readonly number[] = [];
  /** One that ends at this very moment never answers, and its master does not say so. */
  const untilGone = async (pid: number, answered: AbortSignal): Promise<undefined> => {
    const deadline = clock.now() + oldMs;
    while (!answered.aborted && processes.alive(pid) && clock.now() < deadline)
      await clock.sleep(lookMs, answered);
  };
  const askOld = async (pid: number, commands: readonly string[]) => {
    const answered = new AbortController();
    const answer = await Promise.race([process.worker(pid)(commands), untilGone(pid, answered.signal)]);
    answered.abort();
    const gone = answer === undefined || isFailure(answer) || answer.startsWith("Can't find the target");
    if (gone) old = old.filter((one) => one !== pid);
    return gone ? undefined : answer;
  };
  return {
    current,
    get old() {
      return old;
    },
    async tell(commands) {
      if (commands.length === 0) return '';
      const [answer] = await Promise.all([current(commands), ...old.map((pid) => askOld(pid, commands))]);
      return answer;
    },
    async askAll(commands) {
      const answers = new Map<number, string>();
      const now = await current(['show info', ...commands]);
      const pid = isFailure(now) ? undefined : /^Pid: (\d+)$/m.exec(now)?.[1];
      if (!isFailure(now) && pid) answers.set(Number(pid), now);
      for (const pid of old) {
        const answer = await askOld(pid, commands);
        if (answer !== undefined) answers.set(pid, answer);
      }
      return answers;
    },
    async look() {
      const all = await process.workers();
      if (all && !isFailure(all)) old = all.old;
    },
  };
}
