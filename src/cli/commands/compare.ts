import type { AppComparison, Comparison, Difference, Verdict } from '../../model/comparison.ts';
import { isFailure } from '../../model/failure.ts';
import type { Argument, Command } from '../command.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { harmless } from '../output/text-width.ts';
import type { Output } from '../output.ts';

const home = (name: string): Argument => ({
  name,
  summary: 'a home as ENV.HOME, or an environment that has one only',
  required: true,
  complete: 'where',
});

export const command: Command = {
  name: 'compare',
  summary: 'show how apps behave in one home against another',
  description:
    'Reads both homes live and compares what apps do there, not how the homes spell it: version, image, command, ' +
    'variables, resources, health, rollout, routes, and when crons run. Changes nothing. Ends with 3 where a ' +
    'difference blocks a move, and with 2 where a home cannot be read.',
  args: [
    home('HOME_A'),
    home('HOME_B'),
    { name: 'APP', summary: 'only these apps', required: false, many: true, complete: 'app' },
  ],
  flags: [],
  examples: [
    ['rehome compare test1.mesos test1.k8s', 'every app that either home has'],
    ['rehome compare test1.mesos test1.k8s hcn', 'one app'],
    ['rehome compare test1 prod.mesos', 'two environments'],
  ],
  exits: [3],
  run: async ({ args, output, open, signal }) => {
    const operations = await open();
    if (isFailure(operations)) return operations;
    const [left = '', right = ''] = [args['HOME_A']?.[0], args['HOME_B']?.[0]];
    const compared = await operations.compare({ left, right, apps: args['APP'] ?? [] }, signal);
    if (isFailure(compared)) return compared;
    output.document(compared);
    output.data(comparisonText(compared, output));
    return compared.apps.some(({ verdict }) => verdict === 'blocking') ? 3 : 0;
  },
};

/** One line an app, then what is not equal; only the total where all is. */
function comparisonText({ left, right, apps }: Comparison, output: Output): string {
  const paint = output.dataStyle;
  if (apps.length === 0) return `Nothing runs in ${left} or ${right}.`;
  const total = totals(left, right, apps);
  if (apps.every(({ verdict }) => verdict === 'equal')) return total;
  const rows = apps.map(({ app, verdict, differences }) => [
    paint.bold(app),
    painted(verdict, paint),
    summary(differences),
  ]);
  const [head = '', ...lines] = table(['APP', 'VERDICT', 'DIFFERENCES'], rows);
  const details = apps.filter(({ differences }) => differences.length > 0);
  return [
    paint.dim(head),
    ...lines,
    ...details.flatMap((one) => ['', ...appText(one, { left, right }, paint)]),
    '',
    total,
  ].join('\n');
}

function painted(verdict: Verdict, paint: Style): string {
  const colours = {
    equal: paint.green,
    equivalent: paint.green,
    accepted: paint.yellow,
    blocking: paint.red,
  };
  return colours[verdict](verdict);
}

function summary(differences: readonly Difference[]): string {
  const counted = (['blocking', 'accepted', 'equivalent'] as const).flatMap((verdict) => {
    const count = differences.filter((one) => one.verdict === verdict).length;
    return count > 0 ? [`${count} ${verdict}`] : [];
  });
  return counted.join(', ') || '-';
}

function appText(
  { app, differences }: AppComparison,
  homes: { readonly left: string; readonly right: string },
  paint: Style,
): readonly string[] {
  const widest = Math.max(homes.left.length, homes.right.length);
  const value = (name: string, shown: unknown) => `      ${paint.dim(name.padEnd(widest))}  ${text(shown)}`;
  return [
    paint.bold(app),
    ...differences.flatMap(({ path, verdict, left, right, why }) => [
      `  ${painted(verdict, paint)} ${path}: ${harmless(why)}`,
      ...(isTold(path) ? [] : [value(homes.left, left), value(homes.right, right)]),
    ]),
  ];
}

/** What a note is about stands in its words; beside it nothing is to be shown. */
function isTold(path: string): boolean {
  return path.startsWith('notes.');
}

function text(value: unknown): string {
  if (value === null) return '-';
  return harmless(typeof value === 'string' && value !== '' ? value : JSON.stringify(value));
}

function totals(left: string, right: string, apps: readonly AppComparison[]): string {
  const count = (verdict: Verdict) => apps.filter((one) => one.verdict === verdict).length;
  const blocked = count('blocking');
  const many = `${apps.length} ${apps.length === 1 ? 'app' : 'apps'} in ${left} and ${right}`;
  if (blocked > 0)
    return `${many}: ${blocked} ${blocked === 1 ? 'differs' : 'differ'} so that it blocks a move.`;
  return count('equal') === apps.length ? `${many}: equal.` : `${many}: nothing blocks a move.`;
}
