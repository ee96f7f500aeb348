import type { Move, MoveEvent } from '../../model/move.ts';
import { type Story, storyOf } from '../../report/story.ts';
import { cronRuns } from '../../report/ticks.ts';
import { totalsOf } from '../../report/totals.ts';
import { count, counted, latency, percent, span } from '../../report/words.ts';
import { failureText } from '../output/failure-text.ts';
import { clockTime, localTime } from '../output/local-time.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { harmless } from '../output/text-width.ts';
import type { Output } from '../output.ts';
import { type Look, marksFor } from '../progress/marks.ts';
import { sharesText, statusWord } from './moves-table.ts';
import { advice, sentence } from './verdict.ts';
import { phaseMarks, timeText, wayText } from './way.ts';

/** All there is to tell of one move. */
export function storyText(move: Move, events: readonly MoveEvent[], output: Output, now: number): string {
  const style = output.dataStyle;
  const look = { marks: marksFor(output.unicode), style, columns: output.size().columns, now, still: true };
  const story = storyOf(move, events);
  const parts = [
    [...headLines(move, look), ...(move.failure ? [failureText(move.failure, style)] : [])],
    phaseLines(story, move.status === 'running' ? now : story.to),
    homeLines(story),
    actionLines(story, look),
    gateLines(story, style),
    deploymentLines(story),
    tickLines(story),
    [sentence(move), ...advice(move).map((line) => `  ${line}`)],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** The same for programs. */
export function storyDocument(move: Move, events: readonly MoveEvent[]): Readonly<Record<string, unknown>> {
  const { phases, actions, gates, deployments, homes, figures, ticks } = storyOf(move, events);
  return {
    phases: phases.map((each) => ({ ...each, from: iso(each.from), to: iso(each.to) })),
    actions: actions.map((each) => ({ ...each, at: iso(each.at) })),
    gates: gates.map(({ at, stage, verdict, why }) => ({ at, stage, verdict, why })),
    deployments: deployments.map((each) => ({ ...each, from: iso(each.from), to: iso(each.to) })),
    homes: homes.map((home) => totalsOf(home, figures)),
    ticks: ticks.map(({ at, home, cron }) => ({ at, home, cron })),
  };
}

function headLines(move: Move, look: Look): readonly string[] {
  const { style } = look;
  const next = timeText(move, look.now);
  return [
    `${style.bold(harmless(move.app))} ${harmless(move.environment)}  ${wayText(move, look)}  ${statusWord(move, style)}`,
    `  ${phaseMarks(move, look).join('  ')}`,
    `  id      ${move.move}`,
    `  began   ${localTime(move.startedAt)} by ${harmless(move.holder)}`,
    ...(move.finishedAt === undefined ? [] : [`  ended   ${localTime(move.finishedAt)}`]),
    `  shares  ${sharesText(move)}`,
    ...(next === '' ? [] : [`  next    ${next}`]),
    `  why     ${harmless(move.why)}`,
  ];
}

function phaseLines(story: Story, end: number): readonly string[] {
  const rows = story.phases.map(({ phase, direction, paused, from, to }, index) => [
    `${phase}${direction === 'back' ? ', back' : ''}${paused ? ', paused' : ''}`,
    clockTime(iso(from)),
    span((index === story.phases.length - 1 ? Math.max(to, end) : to) - from),
  ]);
  return indented(['PHASE', 'FROM', 'TOOK'], rows);
}

function homeLines({ homes, figures }: Story): readonly string[] {
  if (figures.length === 0) return [];
  const rows = homes.map((home) => {
    const { requests, errors, p50, p99, worstP99 } = totalsOf(home, figures);
    const failed = errors === 0 ? '0' : `${count(errors)} (${percent(errors, requests)})`;
    return [harmless(home), count(requests), failed, ...[p50, p99, worstP99].map(shown)];
  });
  return indented(['HOME', 'REQUESTS', 'ERRORS', 'P50', 'P99', 'WORST P99'], rows);
}

function actionLines({ actions }: Story, { marks, style }: Look): readonly string[] {
  const signs = { done: style.green(marks.done), failed: style.red(marks.failed), begun: style.yellow('?') };
  const rows = actions.map(({ at, phase, action, outcome, tookMs, message }) => [
    clockTime(iso(at)),
    phase,
    `${signs[outcome]} ${harmless(action)}`,
    tookMs === undefined ? '' : span(tookMs),
    harmless(message ?? ''),
  ]);
  return indented(['AT', 'PHASE', 'ACTION', 'TOOK', 'WHAT CAME OF IT'], rows);
}

function gateLines({ gates }: Story, style: Style): readonly string[] {
  const paints = { pass: style.green, fail: style.red, inconclusive: style.yellow };
  const last = gates.filter(
    ({ stage, verdict }, index) => gates[index + 1]?.stage !== stage || gates[index + 1]?.verdict !== verdict,
  );
  const rows = last.map(({ at, stage, verdict, why }) => [
    clockTime(at),
    `${stage} %`,
    paints[verdict](verdict),
    harmless(why),
  ]);
  return indented(['AT', 'SHARE', 'GATE', 'WHY'], rows);
}

function deploymentLines({ deployments }: Story): readonly string[] {
  const rows = deployments.map(({ id, version, homes, status, from, to, message }) => [
    clockTime(iso(from)),
    id,
    version ?? '',
    homes.map(harmless).join(', '),
    status,
    span(to - from),
    harmless(message ?? ''),
  ]);
  return indented(['AT', 'DEPLOYMENT', 'VERSION', 'HOMES', 'STATUS', 'TOOK', 'WHY'], rows);
}

function tickLines({ ticks, homes }: Story): readonly string[] {
  const rows = cronRuns(ticks).map(({ cron, ticks: own, missed, doubled }) => [
    harmless(cron),
    homes
      .map(
        (home) => `${counted(own.filter((tick) => tick.home === home).length, 'run')} in ${harmless(home)}`,
      )
      .join(', '),
    missed === undefined ? '-' : String(missed.length),
    doubled === undefined ? '-' : String(doubled.length),
  ]);
  return indented(['CRON', 'RUNS', 'MISSED', 'DOUBLED'], rows);
}

function indented(heading: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : table(heading, rows).map((line) => `  ${line}`);
}

function shown(ms: number | undefined): string {
  return ms === undefined ? '-' : latency(ms);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
