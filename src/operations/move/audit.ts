import type { Observation } from '../../moves/move.ts';
import type { BegunMove } from '../../store/moves.ts';
import type { LookedHome } from './seen-home.ts';

/**
 * The runs of both homes around the change of duty, in words: which came last in the one that gave it up. Undefined
 * without crons. Runs of the home that took it over are told as they come.
 */
export function auditOf(
  begun: BegunMove,
  from: LookedHome,
  to: LookedHome,
  { marks, now }: Observation,
): string | undefined {
  const [giving, taking] = begun.direction === 'back' ? [to, from] : [from, to];
  if (giving.due.length === 0 && taking.due.length === 0) return undefined;
  const last = giving.runs.at(-1);
  const lastText = last ? `last run there ${last.cron} at ${iso(last.startedAt)}` : 'nothing ran there';
  const next = Math.min(...taking.due.flat());
  const nextText = Number.isFinite(next) ? `, next due ${iso(next)}` : '';
  const gap = marks.disarmed === undefined ? '' : `, nobody on duty for ${now - marks.disarmed} ms`;
  return `${giving.seen.home}: ${lastText}; ${taking.seen.home} goes on${nextText}${gap}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
