import { isTerminal } from './agent.ts';
import type { Entry } from './board.ts';
import type { AgentContext } from './context.ts';
import { endedUnwatched, endTask } from './end.ts';
import { terminate } from './kill.ts';
import { exists, isAlive } from './process-group.ts';
import { giveUp, readPid } from './sandbox.ts';

/** How often an adopted process is looked at; nobody tells of the end of somebody else's child. */
const lookMs = 500;
/** Every so many looks it is made sure that it is the same process still, and not one that waits to be reaped. */
const closerLook = 10;

/** Takes over a task that an earlier daemon left behind, in whatever state it was. */
export function adopt(context: AgentContext, entry: Entry): void {
  if (isTerminal(entry.task.state)) return;
  entry.adopted = true;
  const pid = findProcess(entry);
  if (pid === undefined) neverStarted(context, entry);
  else if (isAlive(pid, entry.identity)) carryOn(context, entry, pid);
  else endedUnwatched(context, entry);
  if (entry.killing) terminate(context, entry);
}

function carryOn(context: AgentContext, entry: Entry, pid: number): void {
  if (entry.task.state === 'TASK_STAGING' || entry.task.state === 'TASK_STARTING') {
    context.board.change(entry, { state: 'TASK_RUNNING', pid, startedAt: Date.now() });
  }
  watch(context, entry, pid);
}

/** Undefined when the launch was cut off before the process claimed it; then it never runs. */
function findProcess(entry: Entry): number | undefined {
  if (entry.task.pid !== undefined) return entry.task.pid;
  if (giveUp(entry.task.sandbox)) return undefined;
  const found = readPid(entry.task.sandbox);
  if (!found) return undefined;
  entry.task = { ...entry.task, pid: found.pid };
  if (found.identity) entry.identity = found.identity;
  return found.pid;
}

function neverStarted(context: AgentContext, entry: Entry): void {
  if (entry.killing) endTask(context, entry, 'TASK_KILLED', 'Killed before it was started');
  else endTask(context, entry, 'TASK_LOST', 'The agent ended before the task was started');
}

function watch(context: AgentContext, entry: Entry, pid: number): void {
  let looks = 0;
  const look = (): void => {
    looks++;
    const there = looks % closerLook === 0 ? isAlive(pid, entry.identity) : exists(pid);
    const over = context.closed() || isTerminal(entry.task.state) || entry.leaderEnded;
    if (there && !over) return;
    clearInterval(timer);
    if (!over) endedUnwatched(context, entry);
  };
  const timer = setInterval(look, lookMs).unref();
}
