import { exitCode, type Failure, isFailure } from '../../model/failure.ts';
import type { Operations } from '../../operations/operations.ts';
import type { RetireForecast, Retirement, RetireRequest } from '../../operations/retirements.ts';
import type { Flags, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { banner, deploymentExit, gravest } from '../deployments/verdict.ts';
import { failureDocument, failureText } from '../output/failure-text.ts';
import { changeText } from '../plans/show-plan.ts';
import { progress } from '../progress/progress.ts';
import { forecastDocument, retirementDocument } from './document.ts';
import { conditionLines } from './lines.ts';

/** Takes apps out of a home, one after the other; one that is refused does not keep the others. */
export async function leave(
  invocation: Invocation,
  operations: Operations,
  apps: readonly string[],
): Promise<number | Failure> {
  const { flags, output } = invocation;
  const requests = apps.map((app) => requestFrom(app, flags));
  const forecasts: RetireForecast[] = [];
  for (const request of requests) {
    const forecast = await operations.planRetire(request);
    if (isFailure(forecast)) return forecast;
    forecasts.push(forecast);
  }
  if (flags.on('dry-run')) return showOnly(invocation, forecasts);
  const where = `${flags.text('environment')}.${flags.text('from')}`;
  for (const { app, conditions, plan } of forecasts) {
    if (conditions.some(({ met }) => !met)) continue;
    output.line(`${output.lineStyle.bold(app)} leaves ${where}; this goes:`);
    for (const line of changesOf(plan, output.lineStyle)) output.line(line);
  }
  const refused = await confirm(invocation, operations, where, `retire ${apps.join(', ')} from ${where}`);
  return refused ?? (await carryOut(invocation, operations, requests));
}

function requestFrom(app: string, flags: Flags): RetireRequest {
  const proofMs = flags.ms('proof');
  return {
    app,
    where: flags.text('environment') ?? '',
    from: flags.text('from') ?? '',
    wait: flags.on('wait'),
    lockWaitMs: flags.ms('lock-wait') ?? 0,
    ...(proofMs === undefined ? {} : { proofMs }),
  };
}

function showOnly({ output }: Invocation, forecasts: readonly RetireForecast[]): number {
  const document = { dryRun: true, retirements: forecasts.map(forecastDocument) };
  output.document(document);
  output.event({ type: 'plan', ...document });
  for (const forecast of forecasts) {
    for (const line of conditionLines(forecast, output.dataStyle, output.unicode)) output.data(line);
    for (const line of changesOf(forecast.plan, output.dataStyle)) output.data(line);
  }
  return forecasts.every(({ conditions }) => conditions.every(({ met }) => met)) ? 0 : 1;
}

function changesOf({ apps }: RetireForecast['plan'], style: Parameters<typeof changeText>[1]) {
  const lines = apps.flatMap(({ changes }) => changes.flatMap((change) => changeText(change, style)));
  return lines.length > 0 ? lines : ['  nothing is left there'];
}

async function carryOut(
  invocation: Invocation,
  operations: Operations,
  requests: readonly RetireRequest[],
): Promise<number | Failure> {
  const { output, signal } = invocation;
  const documents: object[] = [];
  const failures: [string, Failure][] = [];
  const exits: number[] = [];
  for (const request of requests) {
    if (signal.aborted) break;
    const shown = progress(output, { now: invocation.now });
    const retired = await operations.retire(request, shown.watch, signal).finally(() => shown.close());
    if (isFailure(retired)) {
      // One that was asked for alone fails as the whole command.
      if (requests.length === 1) return retired;
      failures.push([request.app, retired]);
      exits.push(exitCode(retired));
      output.line(failureText(retired, output.lineStyle));
      continue;
    }
    documents.push(retirementDocument(retired));
    output.event({ type: 'retirement', ...retirementDocument(retired) });
    exits.push(tell(invocation, retired));
  }
  const failed = failures.map(([app, failure]) => [app, failureDocument(failure)]);
  const document = {
    retirements: documents,
    ...(failed.length > 0 ? { failures: Object.fromEntries(failed) } : {}),
  };
  output.document(document);
  output.event({ type: 'end', ...document });
  return gravest(exits);
}

/** Tells how one ended, and gives its exit code. */
function tell({ output, signal }: Invocation, retirement: Retirement): number {
  const { app, environment, deployment } = retirement;
  if (!deployment) {
    for (const line of conditionLines(retirement, output.lineStyle, output.unicode)) output.line(line);
    return signal.aborted ? 70 : 1;
  }
  const exit = deploymentExit(deployment, false);
  banner(deployment, exit, output);
  if (exit === 0) output.line(`  rehome retire ${app} -e ${environment} --undo brings it back`);
  return exit;
}
