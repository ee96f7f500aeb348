import type { Watch } from '../../operations/operations.ts';
import type { Output } from '../output.ts';
import { block } from './block.ts';
import { type Look, marksFor } from './marks.ts';
import { finishedLine, summary } from './summary.ts';
import { type Shown, told } from './told.ts';
import { isOver, see, type View } from './view.ts';

export interface Progress {
  readonly watch: Watch;
  /** Ids of the deployments that were told of and are not over. */
  unfinished(): readonly string[];
  /** Ends the redrawing; what was shown last stays in the scrollback. */
  close(): void;
}

export interface ProgressOptions {
  /** Where several deployments are to come: what they are together, `sync test1 → test2`. */
  readonly title?: string;
  readonly now: () => number;
}

const frameMs = 100;

/** Shows what deployments do: a block that is redrawn on a terminal, lines elsewhere, events for programs. */
export function progress(output: Output, options: ProgressOptions): Progress {
  const shown = output.live ? redrawn(output, options) : told(output);
  let view: View = new Map();
  return {
    watch: (event) => {
      const before = view;
      view = see(view, event);
      output.event(event);
      shown.see(event, before, view);
    },
    unfinished: () => [...view.values()].filter((each) => !isOver(each)).map((each) => each.id),
    close: () => shown.close(),
  };
}

function redrawn(output: Output, options: ProgressOptions): Shown {
  const startedAt = new Date(options.now()).toISOString();
  let view: View = new Map();
  const look = (): Look => ({
    marks: marksFor(output.unicode),
    style: output.lineStyle,
    columns: output.size().columns,
    now: options.now(),
  });
  const frame = () =>
    options.title === undefined
      ? [...view.values()].flatMap((each) => block(each, look()))
      : summary(view, options.title, startedAt, look());
  const timer = setInterval(() => output.block(frame()), frameMs);
  return {
    see: (event, before, after) => {
      view = after;
      if (options.title !== undefined && event.type === 'deployment') {
        const id = event.deployment.deployment;
        const [old, now] = [before.get(id), after.get(id)];
        if (now && isOver(now) && !(old && isOver(old))) output.line(finishedLine(now, after, look()));
      }
      output.block(frame());
    },
    close: () => {
      clearInterval(timer);
      const last = options.title === undefined ? frame() : [];
      output.block([]);
      for (const line of last) output.line(line);
    },
  };
}
