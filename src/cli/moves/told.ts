import type { MoveEvent } from '../../model/move.ts';
import { failureText } from '../output/failure-text.ts';
import type { Output } from '../output.ts';
import { plainLine } from './plain-lines.ts';
import { idOf, type MovesView } from './view.ts';

/** One way to show what moves do. */
export interface Shown {
  see(event: MoveEvent, before: MovesView, after: MovesView): void;
  close(): void;
}

/** An action that ends sooner needs no line for its beginning. */
const quickMs = 1_000;

/**
 * Plain lines for a log. That an action begins, or is about to, is told when it takes its time or something else
 * happens first.
 */
export function told(output: Pick<Output, 'line' | 'lineStyle'>): Shown {
  const held = new Map<string, Held>();
  const release = (move: string) => {
    const last = held.get(move);
    held.delete(move);
    if (last) output.line(last.line);
  };
  return {
    see(event, before, after) {
      const move = idOf(event);
      const line = plainLine(event, before, after);
      if (line === undefined) return;
      if (event.type === 'action' && held.get(move)?.action === event.action) held.delete(move);
      release(move);
      const action = actionToCome(event, before);
      if (action === undefined) {
        output.line(line);
        for (const failed of deploymentFailure(event, output)) output.line(failed);
        return;
      }
      const begun = { action, line };
      held.set(move, begun);
      setTimeout(() => held.get(move) === begun && release(move), quickMs).unref();
    },
    close: () => {
      for (const move of [...held.keys()]) release(move);
    },
  };
}

interface Held {
  readonly action: string;
  readonly line: string;
}

/** The action whose end will say it all. */
function actionToCome(event: MoveEvent, before: MovesView): string | undefined {
  if (event.type === 'action') return event.outcome === 'begun' ? event.action : undefined;
  const was = before.get(idOf(event))?.move;
  if (event.type !== 'move' || !was) return undefined;
  const { status, direction, paused, why } = event.move;
  const turns = status !== was.status || direction !== was.direction || paused !== was.paused;
  return turns ? undefined : why;
}

/** A deployment within a move that does not end well is told in full. */
export function deploymentFailure(event: MoveEvent, output: Pick<Output, 'lineStyle'>): readonly string[] {
  if (event.type !== 'deployment' || event.event.type !== 'deployment') return [];
  const { failure, status } = event.event.deployment;
  return failure && status !== 'running' ? [failureText(failure, output.lineStyle)] : [];
}
