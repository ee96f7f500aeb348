import { extname } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type Evaluated, evaluate, tooMuch, type Variables } from './evaluate.ts';
import type { Template } from './template.ts';

/** Evaluates templates, and survives those that never end. */
export interface Evaluator {
  /** Synchronous: compiling a manifest waits for it, 100 ms at most. */
  evaluate(template: Template, variables: Variables): Evaluated;
}

export interface Request {
  readonly sequence: number;
  readonly text: string;
  readonly variables: Variables;
}

/** What the thread is started with. */
export interface WorkerData {
  readonly port: MessagePort;
  readonly shared: Int32Array;
  /** After this time without work it ends, ms. */
  readonly idleMs: number;
}

/** Places in the shared memory. */
export const flags = { ready: 0, begun: 1, done: 2, state: 3 } as const;
export const states = { free: 0, claimed: 1, gone: 2 } as const;

const patienceMs = 100;
const startMs = 10_000;

/**
 * A workspace has one. Bounded templates are evaluated in place; the others in one thread that is started
 * when the first of them comes, serves all, ends by itself after 5 s without work and never keeps the process
 * alive. A template that takes longer than 100 ms costs the thread its life, and gets one more try.
 */
export function createEvaluator(idleMs = 5_000): Evaluator {
  let thread: Thread | undefined;
  const attempt = (template: Template, variables: Variables): Evaluated | undefined => {
    if (!thread || !claim(thread)) thread = startThread(idleMs);
    const result = thread && ask(thread, template, variables);
    if (!result) thread = undefined;
    return result;
  };
  return {
    evaluate(template, variables) {
      if (template.bounded) return evaluate(template, variables);
      // A machine may be so busy that honest work takes 100 ms, but hardly twice in a row.
      return attempt(template, variables) ?? attempt(template, variables) ?? { error: tooMuch };
    },
  };
}

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly shared: Int32Array;
  sequence: number;
}

function startThread(idleMs: number): Thread | undefined {
  const { port1: port, port2 } = new MessageChannel();
  const shared = new Int32Array(new SharedArrayBuffer(16));
  Atomics.store(shared, flags.state, states.claimed);
  // Beside this file, with its extension: .ts in a checkout, .js in the built package.
  const url = new URL(`./expression-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, {
    workerData: { port: port2, shared, idleMs } satisfies WorkerData,
    transferList: [port2],
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 },
  });
  worker.unref();
  port.unref();
  // Running out of memory is reported here; whoever asked has seen the silence.
  worker.on('error', () => undefined);
  if (Atomics.wait(shared, flags.ready, 0, startMs) === 'timed-out') return undefined;
  return { worker, port, shared, sequence: 0 };
}

/** Whether the thread is still there; it will not leave before it is set free. */
function claim({ shared }: Thread): boolean {
  return Atomics.compareExchange(shared, flags.state, states.free, states.claimed) === states.free;
}

function ask(thread: Thread, template: Template, variables: Variables): Evaluated | undefined {
  const before = thread.sequence;
  thread.sequence += 1;
  thread.port.postMessage({ sequence: thread.sequence, text: template.text, variables } satisfies Request);
  // The clock starts with the work: a busy machine may take its time to wake the thread.
  const begun = Atomics.wait(thread.shared, flags.begun, before, startMs) !== 'timed-out';
  if (!begun || Atomics.wait(thread.shared, flags.done, before, patienceMs) === 'timed-out') {
    thread.worker.terminate().catch(() => undefined);
    return undefined;
  }
  Atomics.store(thread.shared, flags.state, states.free);
  const answer = receiveMessageOnPort(thread.port) as { message: Evaluated } | undefined;
  return answer?.message;
}
