import type { Deployment } from '../../model/deployment.ts';
import { showDuration } from '../arguments/duration.ts';
import { failureText } from '../output/failure-text.ts';
import type { Output } from '../output.ts';
import { marksFor } from '../progress/marks.ts';

/** The exit code that a deployment's end means. One that was only begun is done with a `detach`. */
export function deploymentExit(deployment: Deployment, detached: boolean): number {
  switch (deployment.status) {
    case 'done':
      return 0;
    case 'failed':
    case 'cancelled':
      return 1;
    case 'rolled-back':
      return 4;
    case 'timed-out':
      return 70;
    case 'running':
      return detached ? 0 : 70;
  }
}

const byGravity = [1, 2, 5, 4, 70];

/** One exit code for many: the gravest. */
export function gravest(exits: readonly number[]): number {
  return byGravity.find((code) => exits.includes(code)) ?? exits.find((code) => code !== 0) ?? 0;
}

/** Tells people how a deployment ended: one line, and why and what to do where it did not go well. */
export function banner(deployment: Deployment, exit: number, output: Output): void {
  const { lineStyle: paint } = output;
  const marks = marksFor(output.unicode);
  const signs = { 0: paint.green(marks.done), 70: paint.yellow('!') };
  const sign = exit === 0 || exit === 70 ? signs[exit] : paint.red(marks.failed);
  output.line(`${sign} ${paint.bold(sentence(deployment, exit === 0))}`);
  const { failure } = deployment;
  // Who stopped it knows why it stopped.
  if (failure && failure.code !== 'interrupted' && exit !== 0) output.line(failureText(failure, paint));
  for (const line of advice(deployment, exit === 0)) output.line(`  ${line}`);
}

/** `hcn 1.0.0 is live in test1 (12 s)` */
export function sentence(deployment: Deployment, detached: boolean): string {
  const { app, version, environment: where, action } = deployment;
  const name = `${app} ${version}`;
  const took = duration(deployment);
  switch (deployment.status) {
    case 'done':
      if (action === 'retire') return `${app} is retired from ${where}.${deployment.homes[0]}${took}`;
      return `${name} is live in ${where}${action === 'rollback' ? ' again' : ''}${took}`;
    case 'failed':
      return `${nounOf(action)} of ${name} failed in ${where}${took}`;
    case 'rolled-back':
      return `${name} did not make it in ${where} and was rolled back${took}`;
    case 'cancelled':
      return `${nounOf(action)} of ${name} in ${where} was cancelled${took}`;
    case 'timed-out':
      return `waited long enough for ${name} in ${where}`;
    case 'running':
      if (detached) return `${name} is on its way to ${where}`;
      return waitedEnough(deployment) ? `${name} is not live in ${where} yet` : unfinished(deployment);
  }
}

/** As in `rollback of hcn`. */
export function nounOf(action: Deployment['action']): string {
  return action === 'retire' ? 'retirement' : action;
}

/** Steps to take, each a command; none where all is well. */
export function advice(deployment: Deployment, detached: boolean): readonly string[] {
  const { deployment: id, status } = deployment;
  if (status === 'done' || status === 'cancelled') return [];
  if (detached && status === 'running') return [`rehome show ${id} tells how it goes`];
  // The worker that it was left to is only about to begin.
  if (waitedEnough(deployment)) return [`rehome cancel ${id} undoes it`];
  if (status === 'running' && !deployment.attended) {
    return [`rehome resume ${id} carries it on; rehome cancel ${id} undoes it`];
  }
  return [`rehome show ${id} shows every step`];
}

/** The client stopped waiting; the deployment goes on. */
export function waitedEnough({ status, failure }: Deployment): boolean {
  return status === 'running' && failure?.code === 'timed-out';
}

function unfinished(deployment: Deployment): string {
  const step = deployment.steps.find(({ status }) => status === 'running' || status === 'undoing');
  const at = step ? ` at step ${step.name}` : '';
  const name = `${nounOf(deployment.action)} of ${deployment.app} ${deployment.version} in ${deployment.environment}`;
  return deployment.attended ? `${name} goes on elsewhere${at}` : `${name} stopped${at}`;
}

function duration(deployment: Deployment): string {
  if (deployment.finishedAt === undefined) return '';
  return ` (${showDuration(Date.parse(deployment.finishedAt) - Date.parse(deployment.startedAt))})`;
}
