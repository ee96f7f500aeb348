import type { StepRecord, StepStatus } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';
import type { DeploymentEnd } from '../store/store.ts';
import type { Work } from './engine.ts';
import type { Step } from './step.ts';

/** The journal of one deployment as one process keeps it: what is written is in the store first. */
export interface Journal {
  record(step: Step): StepRecord;
  readonly outputs: ReadonlyMap<string, unknown>;
  /** Keeps a line that the running step printed; the last ones are written with its end. */
  print(line: string): void;
  /** Marks a step as running, once more. */
  start(step: Step): Promise<Failure | undefined>;
  write(step: Step, change: StepChange, output?: unknown): Promise<Failure | undefined>;
  turnBack(failure: Failure): Promise<Failure | undefined>;
  finish(end: DeploymentEnd): Promise<Failure | undefined>;
  abandon(): Promise<Failure | undefined>;
}

interface StepChange {
  readonly status: StepStatus;
  readonly message?: string;
}

/** Lines of its output that the journal keeps of a step. */
const keptLines = 50;

const over: readonly StepStatus[] = ['done', 'skipped', 'failed', 'undone'];

export function openJournal({ claim, begun, context, watch }: Work): Journal {
  const { store, host } = context;
  const records = new Map(begun.steps.map((step) => [step.name, step]));
  const outputs = new Map(Object.entries(begun.outputs));
  let printed: string[] = [];

  async function put(record: StepRecord, output?: unknown): Promise<Failure | undefined> {
    const failure = await store.record(claim, record, output);
    if (failure) return failure;
    records.set(record.name, record);
    if (output !== undefined) outputs.set(record.name, output);
    watch({ type: 'step', step: record });
    return undefined;
  }

  const record = (step: Step): StepRecord =>
    records.get(step.name) ?? { name: step.name, status: 'pending', attempts: 0 };
  const now = () => new Date(host.clock.now()).toISOString();

  return {
    record,
    outputs,
    print(line) {
      printed = [...printed, line].slice(-keptLines);
    },
    start(step) {
      printed = [];
      const { name, startedAt = now(), attempts } = record(step);
      return put({ name, status: 'running', startedAt, attempts: attempts + 1 });
    },
    write(step, change, output) {
      const { finishedAt: _, ...before } = record(step);
      const finishedAt = over.includes(change.status) ? { finishedAt: now() } : {};
      const log = printed.length > 0 ? { log: printed } : {};
      return put({ ...before, ...change, ...finishedAt, ...log }, output);
    },
    turnBack: (failure) => store.turnBack(claim, failure),
    finish: (end) => store.finish(claim, end),
    abandon: () => store.abandon(claim),
  };
}
