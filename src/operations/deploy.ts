import { isDeepStrictEqual } from 'node:util';
import type { Deployment } from '../model/deployment.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { type Beginning, begin, forbiddenBy } from './begin.ts';
import { carryOn } from './carry-on.ts';
import type { DeployRequest, Watch } from './operations.ts';
import { type Prepared, prepare } from './prepare.ts';
import { connectAll } from './silent.ts';
import type { Wired } from './wired.ts';

/** One deployment of one app, from the manifest to its end. */
export async function deploy(
  wired: Wired,
  request: DeployRequest,
  watch: Watch,
  signal: AbortSignal,
): Promise<Deployment | Failure> {
  const prepared = await prepareToDeploy(wired, request);
  if (isFailure(prepared)) return prepared;
  const { skip, lockWaitMs, detach, timeoutMs } = request;
  const beginning: Beginning = { action: 'deploy', prepared, skip, lockWaitMs, detach };
  return await run(wired, beginning, { watch, signal, ...(timeoutMs ? { timeoutMs } : {}) });
}

/**
 * Prepares with the addresses that the edge really has: one that starts for the first time may find the ports that
 * a plan promised taken by somebody else.
 */
async function prepareToDeploy(wired: Wired, request: DeployRequest): Promise<Prepared | Failure> {
  const prepared = await prepare(wired, request, request.where);
  if (isFailure(prepared)) return prepared;
  const forbidden = forbiddenBy(prepared);
  if (forbidden) return forbidden;
  // Homes that cannot be reached at all are found out before anything is started or locked.
  const connected = await connectAll(wired, prepared);
  if (isFailure(connected)) return connected;
  const promised = await wired.addresses(prepared.environment);
  const edge = await wired.edgeOf(prepared.environment, { start: true });
  if (isFailure(edge)) return edge;
  const real = await wired.addresses(prepared.environment);
  return isDeepStrictEqual(promised, real) ? prepared : await prepare(wired, request, request.where);
}

export interface Running {
  readonly watch: Watch;
  readonly signal: AbortSignal;
  /** ms after which this process leaves the deployment to a worker. */
  readonly timeoutMs?: number;
}

/** Begins a prepared deployment and carries it on, or hands it to a worker. */
export async function run(
  wired: Wired,
  beginning: Beginning,
  running: Running,
): Promise<Deployment | Failure> {
  const { watch, signal, timeoutMs } = running;
  const claim = await begin(wired, beginning, watch, signal);
  if (isFailure(claim)) return claim;
  if (beginning.detach) return await leaveToWorker(wired, claim.deployment);
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const either = timeout ? AbortSignal.any([signal, timeout]) : signal;
  const result = await carryOn(wired, claim, watch, either);
  if (isFailure(result) || result.status !== 'running' || !timeout?.aborted) return result;
  return await waitedLongEnough(wired, claim.deployment, timeoutMs ?? 0);
}

async function leaveToWorker(wired: Wired, id: string): Promise<Deployment | Failure> {
  const failure = await wired.handOver(id);
  return failure ?? (await found(wired, id));
}

async function waitedLongEnough(wired: Wired, id: string, timeoutMs: number): Promise<Deployment | Failure> {
  const left = await leaveToWorker(wired, id);
  if (isFailure(left)) return left;
  const failure = fail('timed-out', `Not over after ${timeoutMs / 1000} s; a worker carries it on.`, {
    hint: `rehome show ${id} tells how it goes`,
  });
  return { ...left, failure };
}

export async function found({ store }: Wired, id: string): Promise<Deployment | Failure> {
  const deployment = await store.deployment(id);
  return (
    deployment ??
    fail('no-such-deployment', `There is no deployment ${id}.`, { hint: 'rehome history lists them' })
  );
}
