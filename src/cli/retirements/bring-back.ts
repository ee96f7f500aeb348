import { exitCode, type Failure, isFailure } from '../../model/failure.ts';
import type { Operations } from '../../operations/operations.ts';
import type { BringBackRequest, BroughtBack } from '../../operations/retirements.ts';
import type { Flags, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { deploymentDocument } from '../deployments/document.ts';
import { banner, deploymentExit, gravest } from '../deployments/verdict.ts';
import { failureDocument, failureText } from '../output/failure-text.ts';
import { localTime } from '../output/local-time.ts';
import { showPlan } from '../plans/show-plan.ts';
import { progress } from '../progress/progress.ts';

/** Brings apps back to the homes that they were retired from, one after the other. */
export async function bringBack(
  invocation: Invocation,
  operations: Operations,
  apps: readonly string[],
): Promise<number | Failure> {
  const { flags } = invocation;
  const requests = apps.map((app) => requestFrom(app, flags));
  if (flags.on('dry-run')) return await showOnly(invocation, operations, requests);
  const where = flags.text('environment') ?? '';
  const refused = await confirm(invocation, operations, where, `bring ${apps.join(', ')} back in ${where}`);
  return refused ?? (await carryOut(invocation, operations, requests));
}

function requestFrom(app: string, flags: Flags): BringBackRequest {
  const from = flags.text('from');
  return {
    app,
    where: flags.text('environment') ?? '',
    lockWaitMs: flags.ms('lock-wait') ?? 0,
    ...(from === undefined ? {} : { from }),
  };
}

async function showOnly(
  { output }: Invocation,
  operations: Operations,
  requests: readonly BringBackRequest[],
): Promise<number | Failure> {
  const plans = [];
  for (const request of requests) {
    const plan = await operations.planBringBack(request);
    if (isFailure(plan)) return plan;
    plans.push(plan);
  }
  const environment = [...new Set(plans.map((plan) => plan.environment))].join(', ');
  showPlan({ environment, apps: plans.flatMap((plan) => plan.apps) }, output);
  return 0;
}

async function carryOut(
  invocation: Invocation,
  operations: Operations,
  requests: readonly BringBackRequest[],
): Promise<number | Failure> {
  const { output, signal } = invocation;
  const documents: object[] = [];
  const failures: [string, Failure][] = [];
  const exits: number[] = [];
  for (const request of requests) {
    if (signal.aborted) break;
    const shown = progress(output, { now: invocation.now });
    const back = await operations.bringBack(request, shown.watch, signal).finally(() => shown.close());
    if (isFailure(back) && requests.length === 1) return back;
    exits.push(isFailure(back) ? exitCode(back) : tell(invocation, back));
    if (isFailure(back)) {
      failures.push([request.app, back]);
      output.line(failureText(back, output.lineStyle));
    } else documents.push(document(back));
  }
  const failed = failures.map(([app, failure]) => [app, failureDocument(failure)]);
  const whole = {
    broughtBack: documents,
    ...(failed.length > 0 ? { failures: Object.fromEntries(failed) } : {}),
  };
  output.document(whole);
  output.event({ type: 'end', ...whole });
  return gravest(exits);
}

function document({ deployment, ...back }: BroughtBack) {
  const { app, environment } = deployment;
  return { app, environment, ...back, deployment: deploymentDocument(deployment) };
}

function tell({ output }: Invocation, { deployment, home, retiredAt, why }: BroughtBack): number {
  const exit = deploymentExit(deployment, false);
  banner(deployment, exit, output);
  const { app, environment } = deployment;
  if (exit === 0) output.line(`  it is in ${environment}.${home} without share and off duty`);
  if (why !== undefined) output.line(`  not as it was on ${localTime(retiredAt)}: ${why}`);
  if (exit === 0) output.line(`  rehome move ${app} -e ${environment} --to ${home} gives it traffic`);
  return exit;
}
