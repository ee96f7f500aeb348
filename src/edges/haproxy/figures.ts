import type { Host } from '../../host/host.ts';
import type { Heard, Hearing } from './hearing.ts';
import { names, overServer } from './model.ts';
import { parseStat, parseTable, type StatRow } from './parse.ts';
import type { AllWorkers } from './workers.ts';

/** What is counted of one home since the edge was started. */
export interface Counts {
  readonly requests: number;
  readonly errors: number;
  readonly overflow: number;
}

/** How a home is doing, over all processes of HAProxy. */
export interface Figures extends Counts {
  /** By server, what is in flight and ends by itself. */
  readonly inFlight: ReadonlyMap<string, number>;
  /** Open connections that do not end by themselves. */
  readonly streams: number;
  /** Servers that take requests. */
  readonly up: number;
  /** Whether every process that may carry requests has answered. */
  readonly complete: boolean;
}

/** Adds up what processes count that come and go: each of them begins with 0. */
export interface FigureBook {
  read(app: string, home: string, homes: readonly string[]): Promise<Figures>;
  /** Reads all homes; before processes are replaced, and while old ones are there. */
  note(homes: readonly (readonly [app: string, home: string, homes: readonly string[]])[]): Promise<void>;
  forget(): void;
}

/** Of one process, as it was last seen. */
interface Seen extends Counts {
  /** Requests that were sent to an instance and not answered yet, as far as can be told. */
  readonly open: number;
}

type Saved = Readonly<Record<string, Readonly<Record<string, Seen>>>>;

const nothing: Seen = { requests: 0, errors: 0, overflow: 0, open: 0 };

/** @param file where counts of processes that have ended are kept, for a daemon that is killed */
export function figureBook(
  host: Host,
  environment: string,
  workers: AllWorkers,
  hearing: Hearing,
  file: string,
): FigureBook {
  /** By process and pool, what it was last seen to have counted. */
  const seen = new Map<string, Map<string, Seen>>(readSaved(host, file));

  const keys = new Map<number, string>();
  /** One that has just ended keeps the name that it had. */
  const keyOf = (pid: number): string => {
    const began = host.processes.startTime(pid);
    const key = began === undefined ? (keys.get(pid) ?? `${pid}/`) : `${pid}/${began}`;
    keys.set(pid, key);
    return key;
  };
  const remember = (worker: string, pool: string, counts: Seen) => {
    const pools = seen.get(worker) ?? new Map<string, Seen>();
    seen.set(worker, pools.set(pool, counts));
  };
  const totalOf = (pool: string, here: ReadonlySet<string>): Counts =>
    [...seen].reduce<Counts>((sum, [worker, pools]) => {
      const heard = hearing.heard(Number.parseInt(worker, 10), pool);
      const counts = pools.get(pool) ?? nothing;
      return add(sum, atLeast(here.has(worker) ? counts : ended(counts), heard));
    }, nothing);

  const read = async (app: string, home: string, homes: readonly string[]): Promise<Figures> => {
    const pool = names.pool(environment, app, home);
    const { byProcess, complete } = await workers.askAll(commandsFor(environment, app, home, homes));
    const here = new Set<string>();
    const inFlight = new Map<string, number>();
    let streams = 0;
    let up: number | undefined;
    for (const [pid, text] of byProcess) {
      const rows = parseStat(text);
      const whole = rows.find(({ proxy, server }) => proxy === pool && server === 'BACKEND');
      // It comes last: without it, the process has ended while it answered, or has no such home.
      if (!whole) continue;
      const own = rows.filter((row) => row.proxy === pool && isSlot(row.server));
      const tables = parseTable(text, 'conn_cur').filter(([table, key]) => table === pool && isSlot(key));
      const open = new Map(tables.map(([, key, count]) => [key, count]));
      const nobody = rows.find(({ proxy }) => proxy === names.over(environment, app, home));
      const taken = parseTable(text, 'conn_cnt').filter(([, key]) => key === pool);
      const overflow = taken.reduce((sum, [, , count]) => sum + count, 0);
      const counts = countsOf(own, whole, nobody?.number('intercepted') ?? 0);
      let ending = 0;
      for (const row of own) {
        const count = Math.max(0, row.number('scur') - (open.get(row.server) ?? 0));
        inFlight.set(row.server, (inFlight.get(row.server) ?? 0) + count);
        ending += count;
      }
      here.add(keyOf(pid));
      remember(keyOf(pid), pool, { ...counts, overflow, open: Math.min(ending, unansweredOf(own, counts)) });
      up ??= own.filter(({ status }) => /^(UP|no check)/.test(status)).length;
      streams += [...open.values()].reduce((sum, count) => sum + count, 0);
    }
    return { ...totalOf(pool, here), inFlight, streams, up: up ?? 0, complete };
  };

  return {
    read,
    async note(homes) {
      for (const [app, home, all] of homes) await read(app, home, all);
      const saved = [...seen].map(([worker, pools]) => [worker, Object.fromEntries(pools)]);
      host.files.write(file, JSON.stringify(Object.fromEntries(saved)));
    },
    forget: () => seen.clear(),
  };
}

function commandsFor(environment: string, app: string, home: string, homes: readonly string[]) {
  const pool = names.pool(environment, app, home);
  const others = homes.filter((one) => one !== home);
  return [
    `show stat ${pool} 6 -1`,
    `show stat ${names.over(environment, app, home)} 1 -1`,
    `show table ${pool}`,
    ...others.map((other) => `show table ${names.over(environment, app, other)}`),
  ];
}

/**
 * Measured with 2.6: `hrsp_*` of a server counts answers as their head comes, 100 Continue included, which the pool
 * does not count; `eresp` counts answers that never came or broke off, `srv_abrt` those that broke off alone.
 */
function countsOf(
  own: readonly StatRow[],
  pool: StatRow | undefined,
  nobody: number,
): Omit<Counts, 'overflow'> {
  const sum = (column: string) => own.reduce((total, row) => total + row.number(column), 0);
  const classes = ['hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'hrsp_other'];
  const upgraded = Math.min(sum('hrsp_1xx'), pool?.number('hrsp_1xx') ?? 0);
  const answered = classes.reduce((total, column) => total + sum(column), upgraded);
  const unanswered = Math.max(0, sum('eresp') - sum('srv_abrt')) + sum('econ') + nobody;
  return {
    requests: answered + unanswered,
    errors: sum('hrsp_5xx') + Math.min(sum('srv_abrt'), sum('eresp')) + unanswered,
  };
}

/** A request that is answered is in flight until its answer has passed: these are the others, or fewer. */
function unansweredOf(own: readonly StatRow[], { requests }: Pick<Counts, 'requests'>): number {
  const sum = (column: string) => own.reduce((total, row) => total + row.number(column), 0);
  return Math.max(0, sum('stot') - requests - sum('wretr') - sum('wredis') - sum('cli_abrt'));
}

function isSlot(server: string): boolean {
  return server !== overServer && server !== 'BACKEND';
}

function atLeast(counts: Counts, heard: Heard): Counts {
  const { requests, errors } = counts;
  return { ...counts, requests: Math.max(requests, heard.requests), errors: Math.max(errors, heard.errors) };
}

/** A process that a reload left ends with its last request: what was in flight when it was last seen was answered. */
function ended({ open, requests, ...counts }: Seen): Counts {
  return { ...counts, requests: requests + open };
}

function add(one: Counts, other: Counts): Counts {
  return {
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    overflow: one.overflow + other.overflow,
  };
}

function readSaved(host: Host, file: string): readonly (readonly [string, Map<string, Seen>])[] {
  const text = host.files.read(file);
  if (typeof text !== 'string') return [];
  const saved = JSON.parse(text) as Saved;
  return Object.entries(saved).map(([worker, pools]) => [worker, new Map(Object.entries(pools))]);
}
