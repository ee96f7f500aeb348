import type { WatchMove } from '../../operations/operations.ts';
import type { Output } from '../output.ts';
import { type Look, marksFor } from '../progress/marks.ts';
import { finishedLine as deploymentLine } from '../progress/summary.ts';
import { isOver as isDeploymentOver } from '../progress/view.ts';
import { block } from './block.ts';
import { finishedLine, fleetLines } from './fleet.ts';
import { deploymentFailure, type Shown, told } from './told.ts';
import { idOf, isOver, type MovesView, see } from './view.ts';

export interface MovesProgress {
  readonly watch: WatchMove;
  /** What was told so far. */
  view(): MovesView;
  /** Ends the redrawing; what was shown last stays in the scrollback. */
  close(): void;
}

export interface MovesProgressOptions {
  /** Where several moves are to come: what they are together, `move to k8s in test1`. */
  readonly title?: string;
  /** How many they are, where that is known. */
  readonly expected?: number;
  readonly now: () => number;
}

const frameMs = 100;

/** Shows what moves do: a block that is redrawn on a terminal, lines elsewhere, events for programs. */
export function movesProgress(output: Output, options: MovesProgressOptions): MovesProgress {
  const shown = output.live ? redrawn(output, options) : told(output);
  let view: MovesView = new Map();
  return {
    watch: (event) => {
      const before = view;
      view = see(view, event);
      output.event(event);
      shown.see(event, before, view);
    },
    view: () => view,
    close: () => shown.close(),
  };
}

function redrawn(output: Output, options: MovesProgressOptions): Shown {
  const { title, expected, now } = options;
  const startedAt = new Date(now()).toISOString();
  let view: MovesView = new Map();
  const look = (): Look => ({
    marks: marksFor(output.unicode),
    style: output.lineStyle,
    columns: output.size().columns,
    now: now(),
  });
  const fleet =
    title === undefined ? undefined : { title, startedAt, ...(expected === undefined ? {} : { expected }) };
  const frame = () =>
    fleet === undefined
      ? [...view.values()].flatMap((each) => block(each, look()))
      : fleetLines(view, fleet, output.size().rows, look());
  const timer = setInterval(() => output.block(frame()), frameMs);
  return {
    see: (event, before, after) => {
      view = after;
      for (const line of ended(idOf(event), before, after, fleet !== undefined, look())) output.line(line);
      for (const line of deploymentFailure(event, output)) output.line(line);
      output.block(frame());
    },
    close: () => {
      clearInterval(timer);
      const last = fleet === undefined ? frame() : [];
      output.block([]);
      for (const line of last) output.line(line);
    },
  };
}

/** What is over by the last event leaves a line: a deployment within the move, and the move where they are several. */
function ended(
  id: string,
  before: MovesView,
  after: MovesView,
  several: boolean,
  look: Look,
): readonly string[] {
  const [old, now] = [before.get(id), after.get(id)];
  if (!now) return [];
  const deployments = [...now.deployments.values()].filter((each) => {
    const was = old?.deployments.get(each.id);
    return isDeploymentOver(each) && !(was && isDeploymentOver(was));
  });
  const moved = several && isOver(now) && !(old && isOver(old)) ? [finishedLine(now, look)] : [];
  return [...deployments.map((each) => deploymentLine(each, now.deployments, look)), ...moved];
}
