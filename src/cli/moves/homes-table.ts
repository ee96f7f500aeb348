import type { HomeFigures } from '../../model/move.ts';
import { count, latency, measure, percent } from '../../report/words.ts';
import { cut, harmless, pad, padLeft, textWidth } from '../output/text-width.ts';
import type { Look } from '../progress/marks.ts';

interface Column {
  readonly name: string;
  /** Columns it takes at least, so that it does not become wider and narrower all the time. */
  readonly least?: number;
  readonly text: (home: HomeFigures) => string;
  /** Whether it is red. */
  readonly bad?: (home: HomeFigures) => boolean;
}

/** The most important first: a narrow terminal shows fewer of them. */
const columns: readonly Column[] = [
  { name: 'share', text: ({ share }) => `${share} %` },
  {
    name: 'req/s',
    text: ({ requests, windowMs }) => measure(windowMs === 0 ? 0 : (requests / windowMs) * 1_000),
  },
  {
    name: 'errors',
    text: ({ errors, requests }) => percent(errors, requests),
    bad: ({ errors }) => errors > 0,
  },
  { name: 'p99', least: 7, text: ({ p99 }) => (p99 === undefined ? '-' : latency(p99)) },
  {
    name: 'healthy',
    text: ({ instances: { healthy, wanted } }) => `${healthy}/${wanted}`,
    bad: ({ instances: { healthy, wanted } }) => healthy < wanted,
  },
  { name: 'in flight', text: ({ inFlight }) => count(inFlight) },
  { name: 'websockets', text: ({ websockets }) => count(websockets) },
  { name: 'p50', least: 7, text: ({ p50 }) => (p50 === undefined ? '-' : latency(p50)) },
];

/** A line for each home under a heading, with as many columns as fit. */
export function homesTable(homes: readonly HomeFigures[], room: number, look: Look): readonly string[] {
  if (homes.length === 0) return [];
  const names = Math.min(
    Math.max(...homes.map(({ home }) => textWidth(harmless(home)))),
    Math.ceil(room / 3),
  );
  const shown = columns.slice(0, fitting(homes, names, room));
  const widths = shown.map((column) => widthOf(column, homes));
  const heading = shown.map(({ name }, index) => padLeft(name, widths[index] ?? 0));
  return [
    look.style.dim([pad('', names), ...heading].join('  ')),
    ...homes.map((home) => {
      const cells = shown.map((column, index) => {
        const text = padLeft(column.text(home), widths[index] ?? 0);
        return column.bad?.(home) ? look.style.red(text) : text;
      });
      return [pad(cut(harmless(home.home), names), names), ...cells].join('  ');
    }),
  ];
}

/** How many columns there is room for. */
function fitting(homes: readonly HomeFigures[], names: number, room: number): number {
  let used = names;
  const last = columns.findIndex((column) => {
    used += 2 + widthOf(column, homes);
    return used > room;
  });
  return last < 0 ? columns.length : last;
}

function widthOf({ name, text, least = 5 }: Column, homes: readonly HomeFigures[]): number {
  return Math.max(least, textWidth(name), ...homes.map((home) => textWidth(text(home))));
}
