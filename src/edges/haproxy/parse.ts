/** What the Runtime API of HAProxy answers, see management.txt of 2.6. Several answers may stand in one text. */

/** A line of `show stat`. */
export interface StatRow {
  readonly proxy: string;
  /** `FRONTEND`, `BACKEND` or the name of a server. */
  readonly server: string;
  /** `UP`, `DOWN`, `MAINT`, `DRAIN`, `no check`, with more behind. */
  readonly status: string;
  /** A column by its name in the header; 0 where it is empty. */
  number(column: string): number;
}

export function parseStat(text: string): readonly StatRow[] {
  let header: readonly string[] = [];
  const rows: StatRow[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('# pxname')) header = line.slice(2).split(',');
    const cells = line.split(',');
    if (line.startsWith('#') || cells.length < 50) continue;
    const cell = (column: string) => cells[header.indexOf(column)] ?? '';
    rows.push({
      proxy: cells[0] ?? '',
      server: cells[1] ?? '',
      status: cell('status'),
      number: (column) => Number(cell(column)) || 0,
    });
  }
  return rows;
}

/** A line of `show servers state`. */
export interface ServerState {
  readonly pool: string;
  readonly server: string;
  readonly host: string;
  readonly port: number;
  readonly admin: 'ready' | 'drain' | 'maint';
}

const forcedMaintenance = 0x01;
const forcedDrain = 0x08;

export function parseServers(text: string): readonly ServerState[] {
  const rows = text.split('\n').map((line) => line.split(' '));
  return rows
    .filter((cells) => /^\d+$/.test(cells[0] ?? '') && cells.length > 20)
    .map((cells) => ({
      pool: cells[1] ?? '',
      server: cells[3] ?? '',
      host: cells[4] ?? '',
      port: Number(cells[18]),
      admin: adminOf(Number(cells[6])),
    }));
}

function adminOf(flags: number): ServerState['admin'] {
  if (flags & forcedMaintenance) return 'maint';
  return flags & forcedDrain ? 'drain' : 'ready';
}

/** Entries of `show map FILE`: key to value. */
export function parseMap(text: string): ReadonlyMap<string, string> {
  const entries = text.split('\n').flatMap((line) => {
    const [, key, value] = /^0x[0-9a-f]+ (\S+) (.*)$/.exec(line) ?? [];
    return key !== undefined && value !== undefined ? [[key, value] as const] : [];
  });
  return new Map(entries);
}

/** Lines of `show table NAME`: table, key, and one counter by its name. */
export function parseTable(text: string, counter: string): readonly (readonly [string, string, number])[] {
  let table = '';
  return text.split('\n').flatMap((line) => {
    table = /^# table: ([^,]+),/.exec(line)?.[1] ?? table;
    const key = /^0x[0-9a-f]+: key=(\S+) /.exec(line)?.[1];
    const value = new RegExp(` ${counter}=(\\d+)`).exec(line)?.[1];
    return key !== undefined && value !== undefined ? [[table, key, Number(value)] as const] : [];
  });
}

/** Processes in `show proc` of the master. */
export interface Workers {
  readonly current: readonly number[];
  /** Those that a reload left, until their last connection ends. */
  readonly old: readonly number[];
  /** Reloads in a row that failed. */
  readonly failed: number;
}

export function parseWorkers(text: string): Workers {
  const [now = '', before = ''] = text.split('# old workers');
  const pids = (part: string) => [...part.matchAll(/^(\d+)\s+worker\b/gm)].map(([, pid]) => Number(pid));
  const failed = /\[failed: (\d+)\]/.exec(text)?.[1];
  return { current: pids(now), old: pids(before), failed: Number(failed ?? 0) };
}
