import { delimiter, dirname, join } from 'node:path';
import type { TaskSpec } from './agent.ts';

export interface Placement {
  readonly taskId: string;
  readonly sandbox: string;
  readonly host: string;
  readonly ports: readonly number[];
  /** Folder of the image. */
  readonly folder?: string;
}

/** What of the daemon's own environment a task inherits. Nothing else: an operator's shell may hold secrets. */
const inherited = /^(HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR)$/;

/** The whole environment of a task: inherited, the agent's own, ports by name, then what the task itself brings. */
export function environmentOf(spec: TaskSpec, placement: Placement): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited.test(name))),
    PATH: pathOf(placement.folder),
    HOST: placement.host,
    MESOS_TASK_ID: placement.taskId,
    MESOS_SANDBOX: placement.sandbox,
    ...portVariables(spec, placement.ports),
    ...spec.env,
  };
}

/** An image brings its own executables in `bin`; the Node that runs the lab is found where no other one is named. */
function pathOf(folder: string | undefined): string {
  const own = dirname(process.execPath);
  const path = (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
  const withNode = path.includes(own) ? path : [own, ...path];
  return (folder ? [join(folder, 'bin'), ...withNode] : withNode).join(delimiter);
}

/** As Marathon does it: PORT is the first one, PORTS all of them. */
function portVariables(spec: TaskSpec, ports: readonly number[]): Record<string, string> {
  const [first] = ports;
  if (first === undefined) return {};
  const numbered = ports.map((port, index) => [`PORT${index}`, String(port)]);
  const named = ports.flatMap((port, index) =>
    (spec.ports[index]?.env ?? []).map((name) => [name, String(port)]),
  );
  return { PORT: String(first), PORTS: ports.join(','), ...Object.fromEntries([...numbered, ...named]) };
}
