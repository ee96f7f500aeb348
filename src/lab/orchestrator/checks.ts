import { type Core, snapshot } from './core.ts';
import { firstCheckMs, healthStep, portToCheck } from './health.ts';
import type { HealthCheckSpec, ReadinessCheckSpec } from './orchestrator.ts';
import { ask, type ProbeOutcome, probe } from './probe.ts';
import type { Member, Service } from './state.ts';
import { configOf, isAlive } from './view.ts';

/** What ends the checks of a member. */
const running = new WeakMap<Member, AbortController>();

/** Told when a check found an instance bad for so long that it is to be killed. */
export type OnBad = (member: Member, reason: string, failedAt: number) => void;

/** Begins the health checks of an instance that has just begun to run, or was adopted. */
export function startChecks(core: Core, service: Service, member: Member, onBad: OnBad): void {
  if (running.has(member)) return;
  const stop = new AbortController();
  running.set(member, stop);
  const config = configOf(service, member.revision);
  for (const [index, check] of config.health.entries()) {
    if (!member.health[index]) member.health[index] = null;
    const look = (): Promise<void> => checkOnce(core, service, member, index, check, onBad, stop.signal);
    repeat(look, firstCheckMs(check), check.intervalMs, stop.signal);
  }
  const { readiness } = config;
  if (readiness) startReadiness(core, service, member, readiness, stop.signal);
}

export function stopChecks(member: Member): void {
  running.get(member)?.abort();
  running.delete(member);
}

/** Calls `look` after `firstMs` and then every `intervalMs`, never two at once, until the signal. */
function repeat(look: () => Promise<void>, firstMs: number, intervalMs: number, signal: AbortSignal): void {
  const again = async (): Promise<void> => {
    const began = Date.now();
    await look();
    if (!signal.aborted) timer = setTimeout(again, Math.max(10, intervalMs - (Date.now() - began)));
  };
  let timer = setTimeout(again, firstMs);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

async function checkOnce(
  core: Core,
  service: Service,
  member: Member,
  index: number,
  check: HealthCheckSpec,
  onBad: OnBad,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await probeMember(core, member, check);
  if (signal.aborted || core.closed) return;
  const now = Date.now();
  const before = member.health[index] ?? undefined;
  const wasAlive = isAlive(service, member);
  const step = healthStep(before, outcome, check, member.startedAt ?? now, now);
  member.health[index] = step.result;
  tell(core, service, member, check, wasAlive, step.counted, now);
  if (step.kill) onBad(member, step.result.lastFailureCause ?? '', before?.lastFailure ?? now);
}

function tell(
  core: Core,
  service: Service,
  member: Member,
  check: HealthCheckSpec,
  wasAlive: boolean,
  failed: boolean,
  at: number,
): void {
  const alive = isAlive(service, member);
  const what = { at, key: service.key, instance: snapshot(service, member) };
  if (failed) core.emit({ type: 'health-failed', ...what, check });
  if (alive !== wasAlive) core.emit({ type: 'health', ...what, alive });
  if (alive === wasAlive && !failed) return;
  core.saveSoon(service);
  core.wake(service);
}

async function probeMember(core: Core, member: Member, check: HealthCheckSpec): Promise<ProbeOutcome> {
  const port = portToCheck(check, member.ports);
  if (port === undefined) return { kind: 'bad', cause: "unable to get the task's effectivePort" };
  const { protocol, path = '/', timeoutMs } = check;
  const { host } = core.config.agent;
  return probe({ protocol, host, port, path, timeoutMs }, check.ignore1xx ?? false);
}

/** Only in a replacement, only of its own instances, only until the first yes. */
function startReadiness(
  core: Core,
  service: Service,
  member: Member,
  check: ReadinessCheckSpec,
  signal: AbortSignal,
): void {
  const asked = new AbortController();
  const look = async (): Promise<void> => {
    const { rollout } = service;
    const wanted = rollout?.state === 'running' && rollout.kind === 'replace';
    if (!wanted || member.revision !== service.revision || member.readiness?.ready) {
      asked.abort();
      return;
    }
    member.readiness = await readinessOf(core, member, check);
    if (signal.aborted) return;
    core.emit({ type: 'readiness', at: Date.now(), key: service.key, instance: snapshot(service, member) });
    if (!member.readiness.ready) return;
    core.saveSoon(service);
    core.wake(service);
  };
  repeat(look, 0, check.intervalMs, AbortSignal.any([signal, asked.signal]));
}

async function readinessOf(core: Core, member: Member, check: ReadinessCheckSpec) {
  const port = member.ports[check.portIndex];
  const { protocol, path, timeoutMs, name } = check;
  const target = { protocol, path, timeoutMs, host: core.config.agent.host, port: port ?? 0 };
  const found = await ask(target, check.preserveLastResponse ? 10_240 : 0);
  const answer =
    found instanceof Error ? { status: 504, contentType: 'text/plain', body: found.message } : found;
  const { status, contentType, body } = answer;
  const ready = check.readyStatus.includes(status);
  return check.preserveLastResponse
    ? { name, ready, lastResponse: { status, contentType, body } }
    : { name, ready };
}
