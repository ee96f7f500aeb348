import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { isFailure } from '../../model/failure.ts';
import type { Task, TaskSpec } from './agent.ts';
import type { Entry } from './board.ts';
import { commandLine } from './command-line.ts';
import type { AgentContext } from './context.ts';
import { endTask, leaderEnded } from './end.ts';
import { environmentOf } from './environment.ts';
import { identityOf } from './process-group.ts';
import { sandboxName } from './sandbox.ts';

/** Writes down the intent to launch, then launches. See `Agent.launch`. */
export async function launchTask(context: AgentContext, id: string, spec: TaskSpec): Promise<Task> {
  const { env: _env, ...shown } = spec;
  const sandbox = join(context.sandboxes, sandboxName(id));
  const staged: Task = {
    id,
    spec: shown,
    state: 'TASK_STAGING',
    message: '',
    ports: [],
    sandbox,
    stagedAt: Date.now(),
  };
  const entry = context.board.add(staged);
  if (isFailure(entry)) return failToLaunch(context, id, entry.message);
  const folder = spec.image === undefined ? undefined : context.image(spec.image);
  if (isFailure(folder)) {
    return failToLaunch(
      context,
      id,
      `pull access denied for ${spec.image}, image not found: ${folder.message}`,
    );
  }
  const ports = await context.allocate(spec.ports);
  if (context.closed() || context.stopping()) return entry.task; // the next agent finds the intent
  if (entry.killing) {
    if (!isFailure(ports)) context.free(ports);
    return endTask(context, entry, 'TASK_KILLED', 'Killed before it was started');
  }
  if (isFailure(ports)) return failToLaunch(context, id, ports.message);
  context.board.change(entry, { state: 'TASK_STARTING', ports });
  return startProcess(context, entry, spec, folder);
}

function failToLaunch(context: AgentContext, id: string, why: string): Task {
  const entry = context.board.entries.get(id);
  if (!entry) throw new Error(`Task ${id} was forgotten while it was launched.`);
  return endTask(context, entry, 'TASK_FAILED', `Failed to launch container: ${why}`);
}

function startProcess(context: AgentContext, entry: Entry, spec: TaskSpec, folder: string | undefined): Task {
  const { id, sandbox, ports } = entry.task;
  const placed = { taskId: id, sandbox, host: context.host, ports, ...(folder ? { folder } : {}) };
  const start = { spec, sandbox, mount: context.mounting.works, ...(folder ? { folder } : {}) };
  const [program, args] = commandLine(start);
  const child = spawnLogged(program, args, folder ?? sandbox, sandbox, environmentOf(spec, placed));
  if (child instanceof Error || child.pid === undefined) {
    const why = child instanceof Error ? child.message : 'the process could not be made';
    if (!(child instanceof Error)) child.on('error', () => undefined);
    return failToLaunch(context, id, why);
  }
  child.once('exit', (code, signal) => {
    leaderEnded(context, entry, {
      ...(code === null ? {} : { code }),
      ...(signal === null ? {} : { signal }),
    });
  });
  child.unref();
  const identity = identityOf(child.pid);
  if (identity) entry.identity = identity;
  context.board.change(entry, { state: 'TASK_RUNNING', pid: child.pid, startedAt: Date.now() });
  return entry.task;
}

/** Output goes to files directly, so that it survives the daemon; appending, so that a log can be cut under it. */
function spawnLogged(
  program: string,
  args: readonly string[],
  cwd: string,
  sandbox: string,
  env: Record<string, string>,
): ChildProcess | Error {
  const opened: number[] = [];
  try {
    for (const name of ['stdout', 'stderr']) opened.push(fs.openSync(join(sandbox, name), 'a', 0o600));
    const [stdout, stderr] = opened;
    // a session and group of its own: it outlives the daemon and can be ended as a whole
    return spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', stdout, stderr] });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    for (const file of opened) fs.closeSync(file);
  }
}
