import type { DeploymentStatus } from '../../model/deployment.ts';
import { showSpan } from '../arguments/duration.ts';
import { harmless, pad, textWidth } from '../output/text-width.ts';
import { timed } from './block.ts';
import { dots, type Look, spin } from './marks.ts';
import { currentStep, type DeploymentView, isOver, type View } from './view.ts';

/** Several deployments at once: how far they are together, then a line for each that is under way. */
export function summary(view: View, title: string, startedAt: string, look: Look): readonly string[] {
  const open = [...view.values()].filter((each) => !isOver(each)).length;
  const counts = `${view.size - open} done, ${open} under way`;
  return [
    timed(`${look.style.bold(title)}  ${counts}`, showSpan(startedAt, undefined, look.now), look),
    ...openLines(view, look),
  ];
}

/** A line for each deployment that is under way. */
export function openLines(view: View, look: Look): readonly string[] {
  const all = [...view.values()];
  const names = nameColumns(all);
  const open = all.filter((each) => !isOver(each));
  return open.map((each) => line(each, spin(look), currentText(each, look), names, look));
}

/** The line that stays when one of several is over. */
export function finishedLine(view: DeploymentView, all: View, look: Look): string {
  const status = view.deployment?.status ?? 'running';
  const names = nameColumns([...all.values()]);
  return line(view, endMark(status, look), endText(view), names, look);
}

function line(view: DeploymentView, mark: string, text: string, names: number, look: Look): string {
  const name = pad(`${view.app} ${view.deployment?.version ?? ''}`.trimEnd(), names);
  const elapsed = showSpan(view.startedAt, view.deployment?.finishedAt, look.now);
  return timed(`  ${mark} ${name}  ${text}`, look.style.dim(elapsed), look);
}

function currentText(view: DeploymentView, look: Look): string {
  if (view.waiting !== undefined) return `waiting ${harmless(view.waiting)}`;
  const step = currentStep(view);
  if (!step) return '';
  const instances = [...view.instances.values()].map((each) => dots(each, look)).join('  ');
  return `${step.status === 'undoing' ? 'undoing ' : ''}${step.name}  ${instances}`.trimEnd();
}

function endMark(status: DeploymentStatus, look: Look): string {
  const { marks, style } = look;
  if (status === 'done') return style.green(marks.done);
  return status === 'rolled-back' ? style.yellow(marks.undone) : style.red(marks.failed);
}

function endText(view: DeploymentView): string {
  const { status, failure } = view.deployment ?? {};
  return failure && status !== 'done' ? `${status}: ${harmless(failure.message)}` : `${status ?? ''}`;
}

function nameColumns(views: readonly DeploymentView[]): number {
  return Math.max(0, ...views.map((view) => textWidth(`${view.app} ${view.deployment?.version ?? ''}`)));
}
