import type { MoveEvent } from '../../model/move.ts';
import { span } from '../../report/words.ts';
import { clockTime } from '../output/local-time.ts';
import { harmless } from '../output/text-width.ts';
import { idOf, type MovesView, type MoveView } from './view.ts';

/**
 * What one event adds for somebody who reads a log: at most one line, none for what only counts on.
 * `12:00:18 account test1 share: 10 % to k8s done (30 ms): mesos 90 %, k8s 10 %`
 */
export function plainLine(event: MoveEvent, before: MovesView, after: MovesView): string | undefined {
  const [old, now] = [before.get(idOf(event)), after.get(idOf(event))];
  const text = now && changeText(event, old, now);
  if (!now || text === undefined) return undefined;
  const where = now.move ? ` ${harmless(now.move.environment)}` : '';
  return `${clockTime(event.at)} ${harmless(now.app)}${where} ${text}`;
}

function changeText(event: MoveEvent, old: MoveView | undefined, now: MoveView): string | undefined {
  switch (event.type) {
    case 'move':
      return moveText(old, now);
    case 'action': {
      const { phase, action, outcome, message, tookMs } = event;
      const at = action.startsWith(phase) ? '' : `${phase}: `;
      const took = tookMs === undefined ? '' : ` (${span(tookMs)})`;
      const came = message === undefined ? '' : `: ${harmless(message)}`;
      return `${at}${harmless(action)} ${outcome === 'begun' ? 'begins' : outcome}${took}${came}`;
    }
    case 'gate': {
      const again = old?.gate?.stage === event.stage && old.gate.verdict === event.verdict;
      return again ? undefined : `gate at ${event.stage} %: ${event.verdict}, ${harmless(event.why)}`;
    }
    case 'deployment':
      return deploymentText(event.event);
    case 'figures':
    case 'tick':
      return undefined;
  }
}

function moveText(old: MoveView | undefined, { move, actions }: MoveView): string | undefined {
  if (!move) return undefined;
  const before = old?.move;
  if (!before) return beginText(move);
  const why = harmless(move.why);
  if (move.status !== before.status) return `${move.status}: ${why}`;
  if (move.direction !== before.direction) return `goes back: ${why}`;
  if (move.paused !== before.paused) return move.paused ? `paused: ${why}` : `goes on: ${why}`;
  if (move.phase !== before.phase) return `${move.phase}: ${why}`;
  // What came of an action was told with it.
  const isTold = actions.some(({ message }) => message === move.why);
  return isTold || sameWords(before.why, move.why) ? undefined : `${move.phase}: ${why}`;
}

function beginText(move: NonNullable<MoveView['move']>): string {
  const { move: id, from, to, phase, plan, status, direction } = move;
  const way = `from ${harmless(from)} to ${harmless(to)}`;
  if (status !== 'running') return `move ${id} ${way} is ${status}: ${harmless(move.why)}`;
  if (direction === 'back') return `move ${id} ${way} goes back, at ${phase}`;
  const verb = phase === 'arrive' ? 'begins' : `goes on at ${phase}`;
  return `move ${id} ${verb}: ${way}, stages ${plan.stages.join(', ')} %`;
}

function deploymentText(event: Extract<MoveEvent, { type: 'deployment' }>['event']): string | undefined {
  if (event.type !== 'deployment') return undefined;
  const { deployment: id, version, homes, status, failure } = event.deployment;
  const verb = status === 'running' ? `begins in ${homes.map(harmless).join(', ')}` : status;
  return `deployment ${id} of ${version} ${verb}${failure ? `: ${harmless(failure.message)}` : ''}`;
}

/** Only the numbers in it went on. */
function sameWords(a: string, b: string): boolean {
  const number = /\d+([.,]\d+)*/g;
  return a.replaceAll(number, '') === b.replaceAll(number, '');
}
