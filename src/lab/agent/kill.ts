import { isTerminal, type KillOptions } from './agent.ts';
import type { Entry } from './board.ts';
import type { AgentContext } from './context.ts';
import { endedUnwatched, settle } from './end.ts';
import { groupIsAlive, isAlive, signalGroup } from './process-group.ts';

/** How often a group that is ending is looked at; only the end of the agent's own children is told to it. */
const lookMs = { first: 10, last: 200 };

/** See `Agent.kill`. */
export function killTask(context: AgentContext, entry: Entry, options: KillOptions = {}): void {
  if (isTerminal(entry.task.state) || entry.killing) return;
  entry.killing = { graceMs: options.graceMs ?? entry.task.spec.killGraceMs };
  context.board.change(entry, { state: 'TASK_KILLING' });
  if (options.before) void holdThenTerminate(context, entry, options.before);
  else terminate(context, entry);
}

async function holdThenTerminate(
  context: AgentContext,
  entry: Entry,
  before: NonNullable<KillOptions['before']>,
): Promise<void> {
  await before(entry.task).catch(() => undefined);
  terminate(context, entry);
}

/** TERM to the group, and KILL to what is left of it after the grace. Also carries on the kill of a dead daemon. */
export function terminate(context: AgentContext, entry: Entry): void {
  const { pid, state } = entry.task;
  if (context.closed() || isTerminal(state) || entry.terminating) return;
  if (pid === undefined) return; // it is not started yet, and will see `killing` itself
  entry.terminating = true;
  const deadline = Date.now() + (entry.killing?.graceMs ?? 0);
  signalGroup(pid, 'SIGTERM');
  let killed = false;
  let pause = lookMs.first;
  const look = (): void => {
    delete entry.timer;
    if (!killed && Date.now() >= deadline) {
      signalGroup(pid, 'SIGKILL');
      killed = true;
    }
    if (isOver(context, entry, pid, killed)) return;
    entry.timer = setTimeout(look, killed ? pause : Math.max(1, Math.min(pause, deadline - Date.now())));
    pause = Math.min(pause * 1.5, lookMs.last);
  };
  look();
}

function isOver(context: AgentContext, entry: Entry, pid: number, killed: boolean): boolean {
  if (context.closed() || isTerminal(entry.task.state)) return true;
  if (entry.adopted && !entry.leaderEnded && !isAlive(pid, entry.identity)) endedUnwatched(context, entry);
  // after KILL only those that wait to be reaped can be left in the group
  if (entry.leaderEnded && (killed || !groupIsAlive(pid))) settle(context, entry);
  return isTerminal(entry.task.state);
}
