import type { Host } from '../../host/host.ts';
import { isFailure } from '../../model/failure.ts';
import type { HaproxyProcess } from './process.ts';
import type { RuntimeApi } from './runtime-api.ts';

/** The processes that carry requests at the moment: the current one, and those that reloads left. */
export interface AllWorkers {
  /** The current one, which every change must reach. */
  readonly current: RuntimeApi;
  /** Tells all of them; the answer is that of the current one. */
  tell(commands: readonly string[]): ReturnType<RuntimeApi>;
  /** Answers by process, and whether all that are alive have answered. */
  askAll(commands: readonly string[]): Promise<Answers>;
  /** Looks again which there are. */
  look(): Promise<void>;
  readonly old: readonly number[];
}

export interface Answers {
  readonly byProcess: ReadonlyMap<number, string>;
  readonly complete: boolean;
}

/** One that is alive is asked for so long, ms. It may be busy, or its master begin anew. */
const patienceMs = 3_000;
const tryMs = 250;
const lookMs = 5;

export function allWorkers(
  { processes, clock }: Host,
  process: HaproxyProcess,
  current: RuntimeApi,
): AllWorkers {
  /** All that were ever seen, by when they began; a process counts as old as long as it lives. */
  const known = new Map<number, string | undefined>();
  let now: number | undefined;

  const learn = (pids: readonly number[]) => {
    for (const pid of pids) if (!known.has(pid)) known.set(pid, processes.startTime(pid));
  };
  const old = () => {
    for (const [pid, began] of known) if (!processes.alive(pid, began)) known.delete(pid);
    return [...known.keys()].filter((pid) => pid !== now);
  };

  /** One that ends at this very moment never answers, and its master does not say so. */
  const untilGone = async (pid: number, answered: AbortSignal): Promise<undefined> => {
    const deadline = clock.now() + tryMs;
    const waits = () => !answered.aborted && processes.alive(pid, known.get(pid)) && clock.now() < deadline;
    while (waits()) await clock.sleep(lookMs, answered);
  };
  const askOld = async (pid: number, commands: readonly string[]): Promise<string | undefined> => {
    const deadline = clock.now() + patienceMs;
    while (processes.alive(pid, known.get(pid)) && clock.now() < deadline) {
      const answered = new AbortController();
      const answer = await Promise.race([process.worker(pid)(commands), untilGone(pid, answered.signal)]);
      answered.abort();
      const none = answer === undefined || isFailure(answer) || answer.startsWith("Can't find the target");
      if (!none) return answer;
      await clock.sleep(lookMs);
    }
    return undefined;
  };

  return {
    current,
    get old() {
      return old();
    },
    async tell(commands) {
      if (commands.length === 0) return '';
      const [answer] = await Promise.all([current(commands), ...old().map((pid) => askOld(pid, commands))]);
      return answer;
    },
    async askAll(commands) {
      const byProcess = new Map<number, string>();
      const answer = await current(['show info', ...commands]);
      const pid = isFailure(answer) ? undefined : /^Pid: (\d+)$/m.exec(answer)?.[1];
      if (!isFailure(answer) && pid) {
        now = Number(pid);
        byProcess.set(now, answer);
      }
      let complete = pid !== undefined;
      for (const one of old()) {
        const said = await askOld(one, commands);
        if (said !== undefined) byProcess.set(one, said);
        else if (processes.alive(one, known.get(one))) complete = false;
      }
      return { byProcess, complete };
    },
    async look() {
      const all = await process.workers();
      if (!all || isFailure(all)) return;
      learn([...all.current, ...all.old]);
      now = all.current[0] ?? now;
    },
  };
}
