import { lastOutcome } from './job.ts';
import type { JobRecord } from './record.ts';

/** `idle`, or how many runs go on. */
export function stateOf({ running }: JobRecord): string {
  return running.length > 0 ? `${running.length} running` : 'idle';
}

/** `GET /graph/csv`: `node,NAME,STATUS,STATE` for every job, then `link,PARENT,CHILD`. */
export function toCsv(records: readonly JobRecord[]): string {
  const nodes = records.map(
    (record) => `node,${record.job.name},${lastOutcome(record.job)},${stateOf(record)}\n`,
  );
  const links = linksOf(records).map(([parent, child]) => `link,${parent},${child}\n`);
  return [...nodes, ...links].join('');
}

/** `GET /graph/dot`, for Graphviz. */
export function toDot(records: readonly JobRecord[]): string {
  const nodes = records.map(({ job }) => `  "${job.name}" [ label="${job.name}" ];\n`);
  const links = linksOf(records).map(([parent, child]) => `  "${parent}" -> "${child}";\n`);
  return `digraph G {\n${[...nodes, ...links].join('')}}\n`;
}

function linksOf(records: readonly JobRecord[]): readonly (readonly [string, string])[] {
  return records.flatMap(({ job }) => (job.parents ?? []).map((parent) => [parent, job.name] as const));
}
