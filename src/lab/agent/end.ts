import { constants } from 'node:os';
import { isTerminal, type Task, type TaskState } from './agent.ts';
import type { Entry, LeaderEnd } from './board.ts';
import type { AgentContext } from './context.ts';
import { exists, groupExists, isThisBoot, signalGroup } from './process-group.ts';
import { readExit } from './sandbox.ts';

/**
 * The leader of a task's process group has ended. By itself: what it left behind is killed, as a container would.
 * While it is being killed: the rest of the group has its grace, see kill.ts.
 */
export function leaderEnded(context: AgentContext, entry: Entry, end: LeaderEnd): void {
  if (isTerminal(entry.task.state)) return;
  entry.leaderEnded = end;
  const { pid } = entry.task;
  if (pid !== undefined && groupExists(pid) && isThisBoot(entry.identity)) {
    if (entry.killing) return;
    signalGroup(pid, 'SIGKILL');
  }
  settle(context, entry);
}

/** An adopted process is gone. Its exit code is known only where the task kept it; without one it has failed. */
export function endedUnwatched(context: AgentContext, entry: Entry): void {
  const code = entry.task.spec.once ? readExit(entry.task.sandbox) : undefined;
  const end: LeaderEnd = code === undefined ? {} : { code };
  const { pid } = entry.task;
  if (pid === undefined || !exists(pid)) {
    leaderEnded(context, entry, end);
    return;
  }
  // the pid is somebody else's by now, or waits to be reaped: its group is not ours to end
  entry.leaderEnded = end;
  settle(context, entry);
}

/** Writes the end down and tells of it; only after the leader has ended. */
export function settle(context: AgentContext, entry: Entry): void {
  if (!entry.leaderEnded || isTerminal(entry.task.state)) return;
  const { code, signal } = plain(entry);
  const state = entry.killing ? 'TASK_KILLED' : code === 0 ? 'TASK_FINISHED' : 'TASK_FAILED';
  endTask(context, entry, state, wording(code, signal), code);
}

/** The task is over. */
export function endTask(
  context: AgentContext,
  entry: Entry,
  state: TaskState,
  message: string,
  exitCode?: number,
): Task {
  clearTimeout(entry.timer);
  delete entry.timer;
  context.free(entry.task.ports);
  const known = exitCode === undefined ? {} : { exitCode };
  context.board.change(entry, { state, message, endedAt: Date.now(), ...known });
  return entry.task;
}

/** The shell that keeps an exit code says 128 + n where signal n ended the command. */
function plain({ task, leaderEnded: end }: Entry): { code?: number; signal?: number | string } {
  const { code, signal } = end ?? {};
  if (task.spec.once && code !== undefined && code > 128 && code < 160) return { signal: code - 128 };
  if (signal !== undefined) return { signal: constants.signals[signal] ?? signal };
  return code === undefined ? {} : { code };
}

function wording(code: number | undefined, signal: number | string | undefined): string {
  if (signal !== undefined) return `Command terminated with signal ${signal}`;
  return code === undefined ? 'Command ended while nobody watched' : `Command exited with status ${code}`;
}
