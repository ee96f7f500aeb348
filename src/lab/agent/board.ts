import * as fs from 'node:fs';
import { join } from 'node:path';
import { type Failure, isFailure } from '../../model/failure.ts';
import { readState, writeState } from '../state-file.ts';
import { isTerminal, type Task, type TaskEvent, type TaskFilter } from './agent.ts';
import { files } from './sandbox.ts';

/** One task as the agent keeps it: the snapshot that is shown, and what only the agent needs. */
export interface Entry {
  task: Task;
  /** Of the process, see `identityOf`. */
  identity?: string;
  /** Started by an earlier agent: nobody is told of its end. */
  adopted?: boolean;
  /** Asked to end; set from TASK_KILLING on. */
  killing?: { readonly graceMs: number };
  /** The group has been told to end, by this agent. */
  terminating?: boolean;
  /** Ends the waiting of a kill that goes on, see kill.ts. */
  timer?: NodeJS.Timeout;
  /** The process has ended; the rest of its group may not have. */
  leaderEnded?: LeaderEnd;
}

export interface LeaderEnd {
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
}

/** All tasks of the agent, on disk and in memory, and those who listen. */
export interface Board {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Writes down a new task and tells of it. Failure: `file-unusable`; then it is kept in memory only. */
  add(task: Task): Entry | Failure;
  /** Writes down a change, then tells of it where the state changed. */
  change(entry: Entry, patch: Partial<Task>): void;
  list(filter?: TaskFilter): readonly Task[];
  /** Forgets a terminal task and removes its sandbox. */
  remove(entry: Entry): void;
  on(listener: (event: TaskEvent) => void): () => void;
}

/** Terminal tasks that are kept over all names; the oldest go first. */
const keptInAll = 2_000;
const keptByName = 5;

/** After `closed` says so, nothing is written and nobody is told any more. */
export function createBoard(loaded: readonly Entry[], closed: () => boolean): Board {
  const entries = new Map(loaded.map((entry) => [entry.task.id, entry]));
  const ended = new Map<string, string[]>();
  const listeners = new Set<(event: TaskEvent) => void>();

  const tell = (task: Task): void => {
    for (const listener of listeners) listener({ task, at: task.endedAt ?? Date.now() });
  };
  const remove = (entry: Entry): void => {
    if (!isTerminal(entry.task.state)) return;
    entries.delete(entry.task.id);
    fs.rm(entry.task.sandbox, { recursive: true, force: true }, () => undefined);
  };
  /** Lets go of the oldest ended tasks of a name, so that a crash loop does not fill the disk. */
  const thinOut = ({ id, spec }: Task): void => {
    const name = `${spec.owner} ${spec.name}`;
    const ids = [...(ended.get(name) ?? []), id];
    const surplus = ids.splice(0, Math.max(0, ids.length - (spec.keep ?? keptByName)));
    ended.delete(name); // so that the map is in the order of the last end
    ended.set(name, ids);
    for (const old of surplus) removeId(old);
    let all = 0;
    for (const some of ended.values()) all += some.length;
    for (const [oldest, some] of ended) {
      if (all <= keptInAll) break;
      all -= some.length;
      ended.delete(oldest);
      for (const old of some) removeId(old);
    }
  };
  const removeId = (id: string): void => {
    const entry = entries.get(id);
    if (entry) remove(entry);
  };
  for (const { task } of loaded) if (isTerminal(task.state)) thinOut(task);

  return {
    entries,
    remove,
    add(task) {
      const entry: Entry = { task };
      entries.set(task.id, entry);
      const failure = save(entry);
      tell(task);
      return failure ?? entry;
    },
    change(entry, patch) {
      if (closed()) return;
      const before = entry.task.state;
      entry.task = Object.freeze({ ...entry.task, ...patch });
      save(entry);
      if (entry.task.state === before) return;
      if (isTerminal(entry.task.state)) thinOut(entry.task);
      tell(entry.task);
    },
    list: ({ owner, name } = {}) =>
      [...entries.values()]
        .map((entry) => entry.task)
        .filter(({ spec }) => (owner ?? spec.owner) === spec.owner && (name ?? spec.name) === spec.name),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Reads the records of all sandboxes in the order of their launch. What is damaged is reported, and left alone. */
export function loadEntries(folder: string): { entries: readonly Entry[]; problems: readonly string[] } {
  const problems: string[] = [];
  const entries: Entry[] = [];
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
    const record = readState(join(folder, name, files.record));
    if (isFailure(record)) problems.push(record.message);
    else if (record) entries.push(record as Entry);
  }
  entries.sort((a, b) => a.task.stagedAt - b.task.stagedAt);
  return { entries, problems };
}

function save({ task, identity, killing }: Entry): Failure | undefined {
  return writeState(join(task.sandbox, files.record), { task, identity, killing });
}
