import type { Member, Service } from './state.ts';
import { configOf } from './view.ts';

/** A task that ran this long was viable: the next failure waits as the first one does. */
const viableMs = 60_000;

/** Makes the next start of a config wait longer, after one of its tasks ended by itself. */
export function addDelay(service: Service, member: Member, now: number): void {
  const since = service.revisions[member.revision]?.since;
  if (since === undefined) return;
  const { delayMs, factor, maxMs } = configOf(service, member.revision).backoff;
  const before = service.delays[since];
  const viable = member.startedAt !== undefined && now - member.startedAt >= viableMs;
  const next = before && !viable ? Math.min(before.delayMs * factor, maxMs) : Math.min(delayMs, maxMs);
  service.delays[since] = { delayMs: next, until: now + next, since: before?.since ?? now };
}

/** When a member may be started; ms since 1970, undefined for at once. */
export function startableAt(service: Service, revision: string): number | undefined {
  return service.delays[service.revisions[revision]?.since ?? '']?.until;
}
