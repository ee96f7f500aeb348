import type { RetireForecast, Retirement } from '../../operations/retirements.ts';
import { localTime } from '../output/local-time.ts';
import type { Style } from '../output/style.ts';
import { marksFor } from '../progress/marks.ts';

/** Whether an app may leave a home: a line for each condition, and what to do where one is not met. */
export function conditionLines(
  { app, environment, home, conditions, retireAt }: RetireForecast | Retirement,
  style: Style,
  unicode: boolean,
): readonly string[] {
  const marks = marksFor(unicode);
  const may = conditions.every(({ met }) => met);
  const title = `${app} ${may ? 'can leave' : 'stays in'} ${environment}.${home}`;
  return [
    style.bold(title),
    ...conditions.flatMap(({ met, name, found, hint }) => [
      `  ${met ? style.green(marks.done) : style.red(marks.failed)} ${name.padEnd(8)}  ${found}`,
      ...(met || hint === undefined ? [] : [style.dim(`              ${hint}`)]),
    ]),
    ...(retireAt === undefined ? [] : [`  from ${localTime(retireAt)} on, if nothing comes until then`]),
  ];
}
