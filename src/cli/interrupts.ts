import type { Command } from './command.ts';
import type { Output } from './output.ts';
import type { World } from './world.ts';

const soonMs = 300;

/**
 * The first Ctrl-C asks the command to stop cleanly, the second leaves at once. A command that has nothing to
 * stop keeps the system's own way. Nobody reading on ends one that only tells, but not one that changes something.
 */
export function interrupts(command: Command, world: World, output: Output): AbortSignal {
  const stop = new AbortController();
  world.onClosed(() => {
    if (!command.mutates) world.leave(0);
  });
  if (!command.mutates && !command.streams) return stop.signal;
  world.onInterrupt(() => {
    if (stop.signal.aborted) return leave(command, world, output);
    const last = command.mutates ? '; what is unfinished can be resumed' : '';
    const tell = () =>
      output.line(output.lineStyle.yellow(`stopping cleanly, Ctrl-C again leaves at once${last}`));
    // What only tells mostly stops at once, and then there is nothing to say.
    if (command.mutates) tell();
    else setTimeout(tell, soonMs).unref();
    stop.abort();
  });
  return stop.signal;
}

function leave(command: Command, world: World, output: Output): void {
  const [look, goOn] = command.name.startsWith('move')
    ? ['rehome move status', 'rehome move resume']
    : ['rehome history', 'rehome resume ID'];
  output.block([]);
  output.line(`left at once; ${look} shows what is unfinished, ${goOn} carries it on`);
  world.leave(70);
}
