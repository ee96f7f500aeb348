import { type Agent, isTerminal, type Task } from '../agent/agent.ts';

/** What the states tell of: the tasks of one cluster's frameworks on one agent. */
export interface Cluster {
  readonly agent: Agent;
  readonly cluster: string;
  /** `127.0.0.1:5050`. */
  readonly address: string;
}

interface Framework {
  readonly id: string;
  readonly name: 'marathon' | 'chronos';
  readonly tasks: readonly Task[];
}

function frameworksOf({ agent, cluster }: Cluster): readonly Framework[] {
  return (['marathon', 'chronos'] as const).map((name) => ({
    id: `lab-${cluster}-${name}`,
    name,
    tasks: agent.tasks({ owner: `${name}:${cluster}` }),
  }));
}

/** All tasks that may be looked into. */
export function tasksOf(cluster: Cluster): readonly Task[] {
  return frameworksOf(cluster).flatMap((framework) => framework.tasks);
}

/** The master's `/state`, as far as a reader of logs or a service discovery needs it. */
export function masterState(cluster: Cluster): Readonly<Record<string, unknown>> {
  const { address } = cluster;
  return {
    ...common(cluster),
    cluster: cluster.cluster,
    leader: `master@${address}`,
    pid: `master@${address}`,
    activated_slaves: 1,
    deactivated_slaves: 0,
    slaves: slaves(cluster),
    frameworks: frameworksOf(cluster).map((framework) => masterFramework(cluster, framework)),
    completed_frameworks: [],
  };
}

export function slaves({ agent, address }: Cluster): readonly unknown[] {
  return [{ id: agent.id, hostname: agent.host, pid: `slave(1)@${address}`, active: true, attributes: {} }];
}

/** The agent's `/state`: where the sandboxes are. */
export function agentState(cluster: Cluster): Readonly<Record<string, unknown>> {
  return {
    ...common(cluster),
    id: cluster.agent.id,
    pid: `slave(1)@${cluster.address}`,
    master_hostname: cluster.agent.host,
    frameworks: frameworksOf(cluster).map((framework) => agentFramework(cluster, framework)),
    completed_frameworks: [],
  };
}

/**
 * Both in one. The lab's master and agent share an address, and on both of them the path is `/state`: a caller finds
 * what belongs to the one it thinks it asks.
 */
export function bothStates(cluster: Cluster): Readonly<Record<string, unknown>> {
  const frameworks = frameworksOf(cluster).map((framework) => ({
    ...agentFramework(cluster, framework),
    ...masterFramework(cluster, framework),
  }));
  return { ...agentState(cluster), ...masterState(cluster), frameworks };
}

function common({ agent }: Cluster): Readonly<Record<string, unknown>> {
  return { version: '1.11.0', hostname: agent.host };
}

function masterFramework(cluster: Cluster, framework: Framework): Readonly<Record<string, unknown>> {
  const show = (task: Task): unknown => showTask(cluster, framework, task);
  return {
    id: framework.id,
    name: framework.name,
    active: true,
    tasks: framework.tasks.filter((task) => !isTerminal(task.state)).map(show),
    completed_tasks: framework.tasks.filter((task) => isTerminal(task.state)).map(show),
  };
}

function agentFramework(cluster: Cluster, framework: Framework): Readonly<Record<string, unknown>> {
  const show = (task: Task): unknown => showExecutor(cluster, framework, task);
  return {
    id: framework.id,
    name: framework.name,
    executors: framework.tasks.filter((task) => !isTerminal(task.state)).map(show),
    completed_executors: framework.tasks.filter((task) => isTerminal(task.state)).map(show),
  };
}

/** Every task has an executor of its own, with the task's id: Mesos does so for plain commands. */
function showExecutor(cluster: Cluster, framework: Framework, task: Task): unknown {
  const shown = showTask(cluster, framework, task);
  const ended = isTerminal(task.state);
  return {
    id: task.id,
    name: 'Command Executor',
    source: task.id,
    container: task.id,
    directory: task.sandbox,
    resources: showResources(task),
    tasks: ended ? [] : [shown],
    completed_tasks: ended ? [shown] : [],
    queued_tasks: [],
  };
}

function showTask({ agent }: Cluster, framework: Framework, task: Task): unknown {
  return {
    id: task.id,
    name: nameOf(framework, task),
    framework_id: framework.id,
    executor_id: '',
    slave_id: agent.id,
    state: task.state,
    resources: showResources(task),
    role: '*',
    statuses: showStatuses(task),
    labels: Object.entries(task.spec.labels ?? {}).map(([key, value]) => ({ key, value })),
  };
}

/** `/demo/web` is `web.demo` with Marathon; a job `sync` is `ChronosTask:sync` with Chronos. */
function nameOf({ name }: Framework, { spec }: Task): string {
  if (name === 'chronos') return `ChronosTask:${spec.name}`;
  return spec.name.split('/').filter(Boolean).reverse().join('.');
}

function showResources({ spec, ports }: Task): unknown {
  const { cpus, memory, disk = 0, gpus = 0 } = spec.resources;
  const ranges = ports.map((port) => `${port}-${port}`).join(', ');
  return { cpus, mem: memory, disk, gpus, ...(ports.length > 0 ? { ports: `[${ranges}]` } : {}) };
}

/** Times in seconds since 1970, as Mesos has them. */
function showStatuses({ state, stagedAt, startedAt, endedAt, message }: Task): readonly unknown[] {
  const statuses: { state: string; timestamp: number; message?: string }[] = [];
  if (startedAt !== undefined) statuses.push({ state: 'TASK_RUNNING', timestamp: startedAt / 1000 });
  if (endedAt !== undefined) statuses.push({ state, timestamp: endedAt / 1000, message });
  return statuses.length > 0 ? statuses : [{ state, timestamp: stagedAt / 1000 }];
}
