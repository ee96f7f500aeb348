import type { Deployment } from '../../model/deployment.ts';
import { exitCode, type Failure, isFailure } from '../../model/failure.ts';
import type { SyncResult, Watch } from '../../operations/operations.ts';
import type { Invocation } from '../command.ts';
import { failureDocument, failureText } from '../output/failure-text.ts';
import { progress } from '../progress/progress.ts';
import { deploymentDocument } from './document.ts';
import type { Begin } from './follow.ts';
import { banner, deploymentExit, gravest } from './verdict.ts';

export type BeginMany = (watch: Watch, signal: AbortSignal) => Promise<SyncResult | Failure>;

/** Shows several deployments until all are over. `title` says what they are together. */
export async function followMany(
  invocation: Invocation,
  title: string,
  begin: BeginMany,
  detached = false,
): Promise<number | Failure> {
  const { output, signal } = invocation;
  const shown = progress(output, { now: invocation.now, title });
  const result = await begin(shown.watch, signal).finally(() => shown.close());
  if (isFailure(result)) return result;
  const document = manyDocument(result, detached);
  output.document(document);
  output.event({ type: 'end', ...document });
  return tellMany(invocation, title, result, detached);
}

/** Runs deployments, so many at a time. After one that did not end well no further is begun. */
export async function oneAfterAnother(
  begins: Readonly<Record<string, Begin>>,
  parallel: number,
  detached: boolean,
  watch: Watch,
  signal: AbortSignal,
): Promise<SyncResult> {
  const deployments: Deployment[] = [];
  const failures: Record<string, Failure> = {};
  const queue = Object.entries(begins);
  let stop = false;
  const work = async () => {
    for (let next = queue.shift(); next && !stop && !signal.aborted; next = queue.shift()) {
      const ended = await next[1](watch, signal);
      if (isFailure(ended)) failures[next[0]] = ended;
      else deployments.push(ended);
      if (isFailure(ended) || deploymentExit(ended, detached) !== 0) stop = true;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, work));
  return { deployments, failures };
}

function manyDocument(result: SyncResult, detached: boolean): Readonly<Record<string, unknown>> {
  const failures = Object.entries(result.failures).map(([app, failure]) => [app, failureDocument(failure)]);
  return {
    deployments: result.deployments.map((each) => deploymentDocument(each, detached)),
    ...(failures.length > 0 ? { failures: Object.fromEntries(failures) } : {}),
  };
}

function tellMany(invocation: Invocation, title: string, result: SyncResult, detached: boolean): number {
  const { output } = invocation;
  const bad = result.deployments.filter((each) => deploymentExit(each, detached) !== 0);
  for (const deployment of bad) banner(deployment, deploymentExit(deployment, detached), output);
  for (const failure of Object.values(result.failures)) output.line(failureText(failure, output.lineStyle));
  const failed = bad.length + Object.keys(result.failures).length;
  const good = result.deployments.length - bad.length;
  const count = good === 1 ? '1 deployment' : `${good} deployments`;
  const verb = detached ? 'on the way' : 'done';
  output.line(output.lineStyle.bold(`${title}: ${count} ${verb}${failed > 0 ? `, ${failed} not` : ''}`));
  return gravest([
    ...result.deployments.map((each) => deploymentExit(each, detached)),
    ...Object.values(result.failures).map(exitCode),
  ]);
}
