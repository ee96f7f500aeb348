import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { realHost } from '../../host/real.ts';
import { fail, isFailure } from '../../model/failure.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import type { DeploymentStart, Store } from '../../store/store.ts';
import type { Ending, Engine } from '../engine.ts';
import { done, type Step } from '../step.ts';

/** A deployment whose steps leave marks in a file, for trying an engine on a real store. */
export interface Rehearsal {
  readonly database: string;
  readonly marks: string;
  /** The step that fails, if one is to. */
  readonly fails?: string;
  /** Called before and after every write to the journal, counted from 0. */
  readonly atWrite?: (write: number, moment: 'before' | 'after') => void;
  readonly signal?: AbortSignal;
  /** Called by every step while it runs, after it looked and before it acts. */
  readonly inside?: (step: string) => void | Promise<void>;
}

export const names = ['prepare', 'migrate', 'rollout', 'tell'];

/** Begins the deployment `d1`, or claims it where it was begun before, and carries it on. */
export async function rehearse(engine: Engine, rehearsal: Rehearsal): Promise<Ending> {
  const store = watched(openStore(rehearsal.database), rehearsal.atWrite);
  const owner = { hostname: 'here', pid: process.pid, processStart: '1' };
  const known = await store.deployment('d1');
  const claim = known ? await store.claim('d1', owner) : await store.begin({ ...start, owner });
  if (isFailure(claim)) throw new Error(claim.message);
  const begun = await store.begun('d1');
  if (isFailure(begun)) throw new Error(begun.message);
  try {
    return await engine.run({
      claim,
      begun,
      steps: names.map((name) => markingStep(name, rehearsal)),
      context: {
        id: 'd1',
        action: 'deploy',
        app: 'hcn',
        version: '1.0.0',
        environment: 'test1',
        root: '.',
        host: realHost(),
        store,
        homes: [],
        reveal: () => '',
        mask: (text) => text,
        provision: async () => undefined,
        options: { skip: [], tests: { before: [], after: [] }, watchMs: 0, custom: {} },
        notify: async (event) => {
          mark(rehearsal.marks, `notify ${event}`);
          return [];
        },
      },
      watch: () => {},
      signal: rehearsal.signal ?? new AbortController().signal,
    });
  } finally {
    store.close();
  }
}

export function openStore(database: string): Store {
  // Owners of other processes count as dead: in a rehearsal they are.
  const store = openSqliteStore(database, { now: Date.now, alive: ({ pid }) => pid === process.pid });
  if (isFailure(store)) throw new Error(store.message);
  return store;
}

const start: DeploymentStart = {
  id: 'd1',
  action: 'deploy',
  app: 'hcn',
  version: '1.0.0',
  environment: 'test1',
  holder: 'anna@here',
  models: {},
  steps: names,
  options: {},
};

/** Looks before it acts, as every step has to. */
function markingStep(name: string, rehearsal: Rehearsal): Step {
  return {
    name,
    summary: name,
    async run({ signal }) {
      await rehearsal.inside?.(name);
      if (signal.aborted) return fail('interrupted', 'stopped');
      if (rehearsal.fails === name) return fail('test-failed', `${name} says no`);
      mark(rehearsal.marks, `do ${name}`);
      return done(`${name} is done`, { name });
    },
    async undo() {
      if (!marksIn(rehearsal.marks).includes(`do ${name}`)) return undefined;
      mark(rehearsal.marks, `undo ${name}`);
      return `${name} is undone`;
    },
  };
}

export function marksIn(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

function mark(path: string, text: string): void {
  if (!marksIn(path).includes(text)) appendFileSync(path, `${text}\n`);
}

function watched(store: Store, atWrite: Rehearsal['atWrite']): Store {
  if (!atWrite) return store;
  let writes = 0;
  const around = <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) => {
    return async (...args: Args): Promise<T> => {
      const write = writes++;
      atWrite(write, 'before');
      const result = await method(...args);
      atWrite(write, 'after');
      return result;
    };
  };
  return {
    ...store,
    begin: around(store.begin),
    claim: around(store.claim),
    record: around(store.record),
    turnBack: around(store.turnBack),
    finish: around(store.finish),
  };
}
