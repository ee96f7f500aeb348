/** src/lab/local/README.md */
const given = /^(HOST|PORT\d*|PORTS|MESOS_TASK_ID|MESOS_SANDBOX)$/;

export function gives(variable: string): boolean {
  return given.test(variable);
}
