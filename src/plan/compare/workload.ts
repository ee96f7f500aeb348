import type { Workload } from '../../model/app.ts';
import type { Difference } from '../../model/comparison.ts';
import { compareEnv } from './env.ts';
import { follows } from './follows.ts';
import { difference, unlike } from './found.ts';
import type { Pair, Side } from './side.ts';

/** What services, jobs and crons have in common. */
export function compareWorkload(
  path: string,
  left: Workload,
  right: Workload,
  pair: Pair,
): readonly Difference[] {
  return [
    ...compareText(`${path}.image`, left.image, right.image, pair),
    ...compareText(`${path}.command`, left.command, right.command, pair),
    ...references(`${path}.command`, left, right, pair),
    ...compareEnv(`${path}.env`, left.env, right.env, pair),
    ...compareResources(path, left.resources, right.resources),
  ];
}

/** Texts that may hold the version, or the name of the environment. */
export function compareText(
  path: string,
  left: string | undefined,
  right: string | undefined,
  pair: Pair,
): readonly Difference[] {
  if (left === right) return [];
  const roles = left !== undefined && right !== undefined ? follows(left, right, pair) : undefined;
  return roles
    ? [difference(path, left, right, 'equivalent', `it follows the ${roles.join(' and the ')}`)]
    : [difference(path, left, right, 'blocking', 'they differ')];
}

/** A command may live on a variable that only one of the homes gives its tasks: `$PORT0`. */
function references(path: string, left: Workload, right: Workload, pair: Pair): readonly Difference[] {
  const names = [left, right].flatMap(({ command = '' }) =>
    [...command.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)].flatMap((name) => {
    if (name in left.env !== name in right.env) return []; // told of as a variable
    const has = (side: Side, { env }: Workload) => name in env || side.gives(name);
    const [l, r] = [has(pair.left, left), has(pair.right, right)];
    if (l === r) return [];
    const [having, without] = l ? [pair.left, pair.right] : [pair.right, pair.left];
    const why = `the command uses $${name}, which ${having.home} gives to tasks and ${without.home} does not`;
    return [difference(path, left.command, right.command, 'blocking', why)];
  });
}

/** Native amounts are rounded to whole kibibytes and thousandths of a core. */
const mebibytes = 1 / 512;
const cores = 1 / 1_000;

type Resources = Workload['resources'];

function compareResources(path: string, left: Resources, right: Resources): readonly Difference[] {
  const near = (a: number, b: number, slack: number) => Math.abs(a - b) < slack;
  return [
    ...(near(left.memory, right.memory, mebibytes)
      ? []
      : unlike(`${path}.memory`, left.memory, right.memory, 'MiB of memory, a hard limit')),
    ...(near(left.cpus, right.cpus, cores)
      ? []
      : unlike(`${path}.cpus`, left.cpus, right.cpus, 'cores of a CPU')),
    ...unlike(
      `${path}.cpuLimit`,
      left.cpuLimit,
      right.cpuLimit,
      'a quota where it is hard, a share that may be exceeded where it is soft',
    ),
  ];
}
