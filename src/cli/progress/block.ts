import type { StepRecord } from '../../model/deployment.ts';
import { showSpan } from '../arguments/duration.ts';
import { nounOf } from '../deployments/verdict.ts';
import { cut, harmless, pad, padLeft, textWidth } from '../output/text-width.ts';
import { dots, type Look, stepMark } from './marks.ts';
import { currentStep, type DeploymentView, isOver } from './view.ts';

const widest = 88;
const timeColumns = 10;

/** One deployment as lines: a title, and its steps with what each did, does or waits for. */
export function block(view: DeploymentView, look: Look): readonly string[] {
  const names = Math.max(8, ...view.steps.map((step) => textWidth(step.name)));
  return [
    title(view, look),
    ...view.steps.flatMap((step) => stepLines(step, view, names, look)),
    ...waitLines(view, look),
  ];
}

/** A line with its time at the right edge. */
export function timed(left: string, time: string, look: Look): string {
  const columns = Math.min(widest, look.columns - 1);
  const room = Math.max(0, columns - timeColumns);
  return `${pad(cut(left, room), room)}${padLeft(time, timeColumns)}`.trimEnd();
}

function title(view: DeploymentView, look: Look): string {
  const { deployment } = view;
  const name = deployment ? `${view.app} ${deployment.version}` : view.app;
  const where = deployment ? ` ${look.marks.arrow} ${deployment.environment}` : '';
  const action = deployment?.action ?? 'deploy';
  const back = action === 'deploy' ? '' : ` (${nounOf(action)})`;
  const elapsed = showSpan(view.startedAt, deployment?.finishedAt, look.now);
  return timed(look.style.bold(name) + where + back, elapsed, look);
}

function stepLines(step: StepRecord, view: DeploymentView, names: number, look: Look): readonly string[] {
  const { style } = look;
  const name = pad(step.name, names);
  const quiet = step.status === 'pending' || step.status === 'skipped';
  const start = `  ${stepMark(step.status, look)} ${quiet ? style.dim(name) : name}`;
  const [first = '', ...more] =
    step === currentStep(view) ? currentText(step, view, look) : [finishedText(step, look)];
  const indent = ' '.repeat(names + 6);
  return [
    timed(`${start}  ${first}`.trimEnd(), stepTime(step, look), look),
    ...more.map((line) => cut(indent + line, Math.min(widest, look.columns - 1))),
  ];
}

function finishedText(step: StepRecord, look: Look): string {
  const text = harmless(step.message ?? '');
  if (step.status === 'failed') return look.style.red(text);
  return step.status === 'skipped' ? look.style.dim(text) : text;
}

/** Instances of each home, why it is not done yet, and the last lines of a log. */
function currentText(step: StepRecord, view: DeploymentView, look: Look): readonly string[] {
  const { style } = look;
  const several = view.instances.size > 1;
  const lines = [...view.instances].flatMap(([home, instances]) => [
    several ? `${dots(instances, look)} in ${home}` : dots(instances, look),
    ...(instances.why && !saysTheSame(instances.why) ? [style.dim(harmless(instances.why))] : []),
  ]);
  const log = view.log.map((line) => style.dim(`| ${harmless(line)}`));
  if (lines.length > 0) return [...lines, ...log];
  const doing = step.status === 'undoing' ? 'undoing' : harmless(step.message ?? '');
  return [step.attempts > 1 ? `${doing} (attempt ${step.attempts})`.trimStart() : doing, ...log];
}

/** `2 of 4 healthy` stands beside the dots already. */
function saysTheSame(why: string): boolean {
  return /^\d+ of \d+ (healthy|running)$/.test(why);
}

function stepTime(step: StepRecord, look: Look): string {
  if (step.startedAt === undefined || step.status === 'skipped') return '';
  return look.style.dim(showSpan(step.startedAt, step.finishedAt, look.now));
}

function waitLines(view: DeploymentView, look: Look): readonly string[] {
  if (view.waiting === undefined || isOver(view)) return [];
  return [
    cut(`  ${look.style.yellow('waiting')} ${harmless(view.waiting)}`, Math.min(widest, look.columns - 1)),
  ];
}
