import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Readiness } from '../platforms/platform.ts';
import type { DeployContext, DeployHome } from './context.ts';
import { decides } from './dark.ts';

/** How long a change is waited for before looking again anyway, ms. */
const lookAgainMs = 1_000;
/** A home without share and duty that does not answer for so long holds nobody up any more, ms. */
const silenceMs = 15_000;

/**
 * Waits until a home runs what it was told to, telling how far it is and why it waits.
 * `not-healthy` when it cannot come about any more, `rollout-deadline` when it takes too long.
 */
export async function awaitReady(
  context: DeployContext,
  home: DeployHome,
  since: number,
): Promise<Readiness | Failure> {
  const { host, signal } = context;
  const deadline = host.clock.now() + deadlineMs(home);
  const silence = decides(context, home) ? Number.POSITIVE_INFINITY : silenceMs;
  let told = '';
  let heardAt = host.clock.now();
  for (;;) {
    const ready = await home.home.ready(home.app, { release: home.release, since, signal });
    told = tellOnce(context, home, ready, told);
    if (signal.aborted) return fail('interrupted', 'Stopped on request.');
    const now = host.clock.now();
    if (!isFailure(ready)) heardAt = now;
    const end = isFailure(ready)
      ? now >= Math.min(deadline, heardAt + silence) && ready
      : verdict(context, home, ready, now >= deadline);
    if (end) return end;
    await home.home.changed(home.app.name, lookAgainMs, signal);
  }
}

/** Undefined while there is something to wait for. */
function verdict(
  context: DeployContext,
  home: DeployHome,
  ready: Readiness,
  isLate: boolean,
): Readiness | Failure | undefined {
  if (ready.done) return ready.ok ? ready : unhealthy(context, home, ready);
  return isLate ? late(context, home, ready) : undefined;
}

function deadlineMs({ app }: DeployHome): number {
  return Math.max(...app.services.map(({ rollout }) => rollout.deadlineMs), 60_000);
}

function tellOnce(
  { tell, signal }: DeployContext,
  { name }: DeployHome,
  ready: Readiness | Failure,
  told: string,
): string {
  const event = isFailure(ready)
    ? ({ type: 'waiting', why: ready.message } as const)
    : ({
        type: 'instances',
        home: name,
        wanted: ready.wanted,
        running: ready.running,
        healthy: ready.healthy,
        ...(ready.why ? { why: ready.why } : {}),
      } as const);
  const text = JSON.stringify(event);
  // Who is stopped need not wait for a home.
  const stopped = isFailure(ready) && signal.aborted;
  if (text !== told && !stopped) tell(event);
  return text;
}

function unhealthy(context: DeployContext, home: DeployHome, ready: Readiness): Failure {
  return withLog('not-healthy', `${subject(context, home)} does not become healthy: ${ready.why}.`, ready);
}

function late(context: DeployContext, home: DeployHome, ready: Readiness): Failure {
  const seconds = Math.round(deadlineMs(home) / 1000);
  const message = `${subject(context, home)} is not healthy after ${seconds} s: ${ready.why}.`;
  return withLog('rollout-deadline', message, ready);
}

export function subject({ app, environment }: DeployContext, { name, release }: DeployHome): string {
  return `${app} ${release.version} in ${environment}.${name}`;
}

export function withLog(
  code: 'not-healthy' | 'rollout-deadline',
  message: string,
  ready: Readiness,
): Failure {
  const tidy = message.replace(/\.\.$/, '.');
  return fail(code, tidy, ready.log?.length ? { details: ready.log.join('\n') } : {});
}
