import { type Failure, isFailure } from '../../model/failure.ts';
import { type Api, refused } from '../api.ts';
import { type Json, list, number, record } from '../json.ts';

/** `/state` of a master or an agent; a master that does not lead sends on to the one that does. */
export async function stateOf(
  api: Api,
  apiAt: (url: string) => Api,
  signal?: AbortSignal,
): Promise<Json | Failure> {
  const call = { path: '/state', signal };
  const answer = await api.call(call);
  if (isFailure(answer)) return answer;
  const leader = answer.status >= 300 && answer.status < 400 ? answer.headers['location'] : undefined;
  const found = leader ? await apiAt(new URL(leader, api.url).origin).call(call) : answer;
  if (isFailure(found)) return found;
  return found.status === 200 ? record(found.json) : refused(api, call, found);
}

/** Tasks of all frameworks in a master's state, those that have ended too. */
export function tasksIn(state: Json): readonly Json[] {
  const frameworks = [...list(state['frameworks']), ...list(state['completed_frameworks'])];
  return frameworks.flatMap((framework) => [
    ...list(framework['tasks']),
    ...list(framework['completed_tasks']),
  ]);
}

export function latestFirst(tasks: readonly Json[]): readonly Json[] {
  return tasks.toSorted((a, b) => latest(b) - latest(a));
}

function latest(task: Json): number {
  return Math.max(0, ...list(task['statuses']).map(({ timestamp }) => number(timestamp) ?? 0));
}
