import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { type Api, refused } from '../api.ts';
import { type Json, list, number, record, text } from '../json.ts';
import { latestFirst, stateOf, tasksIn } from './mesos-state.ts';

/** Where the output of a task is: a folder on one agent. */
export interface Sandbox {
  readonly task: string;
  readonly agent: Api;
  readonly folder: string;
  /** `TASK_FAILED`. */
  readonly state: string;
  /** What the executor said at the end, where the master tells it: `Command exited with status 1`. */
  readonly message: string;
}

export interface Chunk {
  readonly data: string;
  /** Where the next read begins. */
  readonly next: number;
}

/** https://mesos.apache.org/documentation/latest/endpoints/ : /state of master and agent, /files/read of agents. */
export interface Sandboxes {
  /** Tasks whose id contains `part`, latest first. */
  find(part: string, signal?: AbortSignal): Promise<readonly Sandbox[] | Failure>;
  /** From `offset` on; a negative one counts from the end. An absent file is empty. */
  read(sandbox: Sandbox, file: LogFile, offset: number, signal?: AbortSignal): Promise<Chunk | Failure>;
  /** All tasks that the master remembers, as it tells them: those that run, and the last ones of those that ended. */
  tasks(signal?: AbortSignal): Promise<readonly Json[] | Failure>;
}

export type LogFile = 'stdout' | 'stderr';

const mostBytes = 256 * 1024;

export function sandboxesOf(master: Api, apiAt: (url: string) => Api): Sandboxes {
  async function find(part: string, signal?: AbortSignal) {
    const whole = await stateOf(master, apiAt, signal);
    if (isFailure(whole)) return whole;
    const agents = new Map(
      list(whole['slaves']).map((agent) => [text(agent['id']), agentUrl(agent, master.url)]),
    );
    const tasks = latestFirst(tasksIn(whole)).filter((task) => text(task['id'])?.includes(part));
    const sandboxes: Sandbox[] = [];
    const states = new Map<string, Json>();
    for (const task of tasks) {
      const url = agents.get(text(task['slave_id']));
      if (url === undefined) continue;
      const agent = apiAt(url);
      const known = states.get(url) ?? (await stateOf(agent, apiAt, signal));
      if (isFailure(known)) return known;
      states.set(url, known);
      const folder = folderOf(known, task);
      if (folder !== undefined)
        sandboxes.push({ task: String(task['id']), agent, folder, ...endOfTask(task) });
    }
    return sandboxes;
  }

  async function tasks(signal?: AbortSignal) {
    const whole = await stateOf(master, apiAt, signal);
    return isFailure(whole) ? whole : tasksIn(whole);
  }

  return { find, read, tasks };
}

async function read({ agent, folder }: Sandbox, file: LogFile, offset: number, signal?: AbortSignal) {
  const from = offset < 0 ? await endOf(agent, `${folder}/${file}`, signal) : offset;
  if (isFailure(from)) return from;
  const start = offset < 0 ? Math.max(0, from + offset) : from;
  const answer = await readAt(agent, `${folder}/${file}`, start, mostBytes, signal);
  if (isFailure(answer)) return answer;
  const data = text(answer['data']) ?? '';
  return { data, next: start + Buffer.byteLength(data) };
}

/** Mesos answers offset -1 with the size of the file. */
async function endOf(agent: Api, path: string, signal: AbortSignal | undefined): Promise<number | Failure> {
  const answer = await readAt(agent, path, -1, 0, signal);
  return isFailure(answer) ? answer : (number(answer['offset']) ?? 0);
}

async function readAt(
  agent: Api,
  path: string,
  offset: number,
  length: number,
  signal: AbortSignal | undefined,
) {
  const query = `path=${encodeURIComponent(path)}&offset=${offset}${offset < 0 ? '' : `&length=${length}`}`;
  const call = { path: `/files/read?${query}`, signal };
  const answer = await agent.call(call);
  if (isFailure(answer)) return answer;
  if (answer.status === 404) return {};
  return answer.status === 200 ? record(answer.json) : refused(agent, call, answer);
}

/** An agent's pid is its address: `slave(1)@10.0.0.7:5051`. */
function agentUrl(agent: Json, master: string): string | undefined {
  const address = text(agent['pid'])?.split('@')[1];
  return address && `${URL.parse(master)?.protocol ?? 'http:'}//${address}`;
}

function endOfTask(task: Json): Pick<Sandbox, 'state' | 'message'> {
  const last = list(task['statuses']).at(-1);
  return { state: text(task['state']) ?? '', message: text(last?.['message']) ?? '' };
}

/** A command without an executor of its own runs in one that bears the task's id. */
function folderOf(state: Json, task: Json): string | undefined {
  const wanted = text(task['executor_id']) || text(task['id']);
  const frameworks = [...list(state['frameworks']), ...list(state['completed_frameworks'])];
  const executors = frameworks.flatMap((framework) => [
    ...list(framework['executors']),
    ...list(framework['completed_executors']),
  ]);
  return text(executors.find((executor) => executor['id'] === wanted)?.['directory']);
}

/** The last lines of a task: what it told, then what it complained about. */
export async function tailOf(
  sandboxes: Sandboxes,
  part: string,
  lines: number,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const found = await sandboxes.find(part, signal);
  const sandbox = isFailure(found) ? undefined : found[0];
  if (!sandbox) return [];
  const tails = await Promise.all(
    (['stdout', 'stderr'] as const).map(async (file) => {
      const chunk = await sandboxes.read(sandbox, file, -16 * 1024, signal);
      return isFailure(chunk)
        ? []
        : chunk.data
            .split('\n')
            .filter((line) => line !== '')
            .slice(-lines);
    }),
  );
  return tails.flat();
}

export function noMesos(what: string): Failure {
  const hint = 'add mesos: URL of the Mesos master to the home';
  return fail('unsupported', `${what} are read from Mesos, and the home does not say where that is.`, {
    hint,
  });
}
