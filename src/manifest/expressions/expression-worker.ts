import { workerData } from 'node:worker_threads';
import { evaluate, type Variables } from './evaluate.ts';
import { flags, type Request, states, type WorkerData } from './guarded.ts';
import { isProblem, parseTemplate } from './template.ts';

/** The thread that evaluates expressions for `guarded.ts`; killed from outside when one takes too long. */
const { port, shared, idleMs } = workerData as WorkerData;

let idle = setTimeout(leave, idleMs);

port.on('message', ({ sequence, text, variables }: Request) => {
  clearTimeout(idle);
  Atomics.store(shared, flags.begun, sequence);
  Atomics.notify(shared, flags.begun);
  port.postMessage(answer(text, variables));
  Atomics.store(shared, flags.done, sequence);
  Atomics.notify(shared, flags.done);
  idle = setTimeout(leave, idleMs);
});

// The first evaluation in a thread is many times slower than the others: it is not a user's.
answer("{{ 'a'.upper() | replace('A', 'b') }}", {});
Atomics.store(shared, flags.ready, 1);
Atomics.notify(shared, flags.ready);

function answer(text: string, variables: Variables): ReturnType<typeof evaluate> {
  const template = parseTemplate(text);
  return isProblem(template) ? { error: template.message } : evaluate(template, variables);
}

/** Ends the thread, unless the other side has just claimed it. */
function leave(): void {
  const before = Atomics.compareExchange(shared, flags.state, states.free, states.gone);
  if (before === states.free) port.close();
  else idle = setTimeout(leave, idleMs);
}
