import type { Task, TaskSpec } from '../agent/agent.ts';
import type { JobInput } from './input.ts';

/** What jobs and runs of crons share. */
export type Work = Pick<
  JobInput,
  'image' | 'command' | 'args' | 'env' | 'labels' | 'resources' | 'killGraceMs'
> & { readonly ports?: number };

/** The task of something that runs once; `name` is what its last runs are counted by. */
export function onceSpec(owner: string, name: string, work: Work, keep: number): TaskSpec {
  const { image, command, args, env, labels, resources, killGraceMs, ports = 0 } = work;
  return {
    owner,
    name,
    ...(image === undefined ? {} : { image }),
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    env,
    labels,
    ports: Array.from({ length: ports }, () => ({})),
    resources: { cpus: resources.cpus, memory: resources.memory },
    killGraceMs,
    once: true,
    keep,
  };
}

export type RunState = 'running' | 'finished' | 'failed' | 'killed';

export function runState({ state }: Task): RunState {
  if (state === 'TASK_FINISHED') return 'finished';
  if (state === 'TASK_KILLED') return 'killed';
  return state === 'TASK_FAILED' || state === 'TASK_LOST' ? 'failed' : 'running';
}

/** `job:test1/x:1` to `job:test1/x:2`: the id of one more launch, after one that was cut off. */
export function nextLaunch(taskId: string): string {
  const cut = taskId.lastIndexOf(':');
  return `${taskId.slice(0, cut)}:${Number(taskId.slice(cut + 1)) + 1}`;
}
