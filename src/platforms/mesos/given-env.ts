/**
 * https://mesosphere.github.io/marathon/docs/task-environment-vars.html and, for jobs,
 * https://mesos.github.io/chronos/docs/api.html; MESOS_SANDBOX comes from the agent.
 */
const given = /^(HOST|PORTS|PORT_?\w*|MARATHON_\w+|MESOS_\w+|CHRONOS_\w+|mesos_task_id)$/;

export function gives(variable: string): boolean {
  return given.test(variable);
}
