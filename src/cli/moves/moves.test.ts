import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fail } from '../../model/failure.ts';
import type { MoveEvent } from '../../model/move.ts';
import { atSecond, badMove, goodMove, type MadeUp, madeUpMove } from '../../report/testing/made-up.ts';
import { style } from '../output/style.ts';
import { textWidth } from '../output/text-width.ts';
import { type Look, marksFor } from '../progress/marks.ts';
import { ended } from '../testing/deployments.ts';
import { golden } from '../testing/golden.ts';
import { block } from './block.ts';
import { finishedLine, fleetLines } from './fleet.ts';
import { told } from './told.ts';
import { type MovesView, see } from './view.ts';

process.env['TZ'] = 'UTC';

for (const columns of [200, 100, 60, 30]) {
  test(`a move that goes well, ${columns} columns wide`, (t) => {
    golden(t, import.meta.dirname, `good-${columns}`, show(framesOf(withNext(goodMove()), columns)));
  });
}

test('a move that the gate takes back', (t) => {
  golden(t, import.meta.dirname, 'bad-90', show(framesOf(withNext(badMove()), 90)));
});

test('whatever is told, in whatever terminal: every line fits, and without Unicode it is ASCII', () => {
  const events = [...goodMove().events, ...badMove().events];
  const columns = fc.integer({ min: 30, max: 200 });
  fc.assert(
    fc.property(
      columns,
      fc.shuffledSubarray(events, { maxLength: 40 }),
      fc.boolean(),
      (wide, some, unicode) => {
        const view = some.reduce<MovesView>(see, new Map());
        const look = { ...lookAt(30, wide), marks: marksFor(unicode) };
        const fleet = { title: 'move to k8s in test1', startedAt: atSecond(0), expected: 9 };
        const lines = [
          ...[...view.values()].flatMap((each) => block(each, look)),
          ...fleetLines(view, fleet, 40, look),
        ];
        for (const line of lines) {
          assert.ok(textWidth(line) < wide, `too wide for ${wide}: ${line}`);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII, and what was cut off
          if (!unicode) assert.match(line.replaceAll(/[…×]/g, ''), /^[\u0000-\u007f]*$/);
        }
      },
    ),
  );
});

test('several moves: a line for each, details as far as there is room, a line that stays for one that is over', (t) => {
  const apps = ['account', 'hcn', 'ledger'];
  const all = apps.flatMap((app, index) =>
    toldOf(goodMove(), app, index * 7).map((event) => ({ event, at: Date.parse(event.at) })),
  );
  const sorted = all.toSorted((a, b) => a.at - b.at).map(({ event }) => event);
  const fleet = { title: 'move to k8s in test1', startedAt: atSecond(0), expected: 5 };
  const frame = (seconds: number, rows: number) => {
    const view = sorted.filter(({ at }) => at <= atSecond(seconds)).reduce<MovesView>(see, new Map());
    return [
      ...fleetLines(view, fleet, rows, lookAt(seconds, 100)),
      ...[...view.values()]
        .filter(({ move }) => move?.status !== 'running')
        .map((each) => `stays: ${finishedLine(each, lookAt(seconds, 100))}`),
    ];
  };
  golden(
    t,
    import.meta.dirname,
    'fleet-100',
    show([frame(3, 40), frame(40, 40), frame(95, 24), frame(3_725, 40)]),
  );
});

test('without a terminal: one line for each action, phase and verdict, none for figures', (t) => {
  for (const [name, story] of [
    ['plain-good', goodMove()],
    ['plain-bad', badMove()],
  ] as const) {
    const lines = plainLines(story.events);
    assert.equal(new Set(lines).size, lines.length, 'a line is told twice');
    golden(t, import.meta.dirname, name, lines.join('\n'));
  }
});

test('that an action begins is told when it takes its time; words that only count on are not told again', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const about = { move: 'm-4c1d', app: 'account', phase: 'share', action: 'share 10 %' } as const;
  const lines: string[] = [];
  const shown = told({ line: (text) => lines.push(text), lineStyle: style(false) });
  let view: MovesView = new Map();
  const tell = (...events: readonly MoveEvent[]) => {
    for (const event of events) {
      const before = view;
      view = see(view, event);
      shown.see(event, before, view);
    }
    return lines.splice(0).map((line) => line.slice('12:00:00 '.length));
  };
  const why = (words: string): MoveEvent => ({
    type: 'move',
    at: atSecond(0),
    move: madeUpMove({ why: words }),
  });
  assert.deepEqual(tell(why('holds 10 %')), [
    'account test1 move m-4c1d begins: from mesos to k8s, stages 10, 50, 100 %',
  ]);
  const tick = () => {
    t.mock.timers.tick(1_000);
    return tell();
  };
  assert.deepEqual(
    [...tell(why('waits for 12 more requests')), ...tick()],
    ['account test1 arrive: waits for 12 more requests'],
  );
  assert.deepEqual([...tell(why('waits for 1,011.5 more requests')), ...tick()], []);
  const begun: MoveEvent = { type: 'action', at: atSecond(0), ...about, outcome: 'begun' };
  const done: MoveEvent = { ...begun, outcome: 'done', tookMs: 30, message: 'k8s has 10 %' };
  assert.deepEqual(tell(why('share 10 %'), begun, done, why('k8s has 10 %')), [
    'account test1 share 10 % done (30 ms): k8s has 10 %',
  ]);
  assert.deepEqual(tell(begun), []);
  assert.deepEqual(tick(), ['account test1 share 10 % begins']);
  assert.deepEqual(tell({ ...begun, outcome: 'failed', message: 'the edge is gone\u001b[2J' }), [
    'account test1 share 10 % failed: the edge is gone',
  ]);
});

test('a deployment within a move that fails is told in full', () => {
  const failure = fail('not-healthy', 'hcn does not become healthy.', { details: 'no PORT' });
  const lines = plainLines([
    { type: 'move', at: atSecond(0), move: madeUpMove() },
    {
      type: 'deployment',
      at: atSecond(1),
      move: 'm-4c1d',
      event: { type: 'deployment', at: atSecond(1), deployment: ended('rolled-back', { failure }) },
    },
  ]);
  assert.match(lines.join('\n'), /deployment d-7f3a of 1\.0\.0 rolled-back: .*\nerror: .*\n {2}\| no PORT/);
});

function plainLines(events: readonly MoveEvent[]): readonly string[] {
  const lines: string[] = [];
  const shown = told({ line: (text) => lines.push(text), lineStyle: style(false) });
  events.reduce<MovesView>((view, event) => {
    const after = see(view, event);
    shown.see(event, view, after);
    return after;
  }, new Map());
  shown.close();
  return lines;
}

/** The frames of every tenth second, and of the beginning and the end. */
function framesOf({ events }: MadeUp, columns: number): readonly (readonly string[])[] {
  const last = events.at(-1);
  const seconds = [0, 10, 20, 40, 55, 80, 115, 120, 3_700];
  const moments = [...seconds.map(atSecond).filter((at) => last && at < last.at), last?.at ?? ''];
  return moments.map((at) => {
    const view = events.filter((event) => event.at <= at).reduce<MovesView>(see, new Map());
    const now = (Date.parse(at) - Date.parse(atSecond(0))) / 1_000;
    const lines = [...view.values()].flatMap((each) => block(each, lookAt(now, columns)));
    for (const line of lines) assert.ok(textWidth(line) < columns, `too wide: ${line}`);
    return lines;
  });
}

/** Says of each stage when it ends. */
function withNext({ move, events }: MadeUp): MadeUp {
  const dated = events.map((event): MoveEvent => {
    if (event.type !== 'move' || event.move.status !== 'running') return event;
    const { phase } = event.move;
    const holds = phase === 'share' || phase === 'soak';
    const ms = phase === 'soak' ? 3_600_000 : 30_000;
    const nextAt = new Date(Date.parse(event.at) + ms).toISOString();
    return holds ? { ...event, move: { ...event.move, nextAt } } : event;
  });
  return { move, events: dated };
}

/** The same story of another app, so many seconds later. */
function toldOf({ events }: MadeUp, app: string, later: number): readonly MoveEvent[] {
  const shifted = (at: string) => new Date(Date.parse(at) + later * 1_000).toISOString();
  return events.map((event): MoveEvent => {
    const at = shifted(event.at);
    if (event.type === 'move') {
      const { startedAt, finishedAt, ...rest } = event.move;
      const times = {
        startedAt: shifted(startedAt),
        ...(finishedAt ? { finishedAt: shifted(finishedAt) } : {}),
      };
      return { ...event, at, move: { ...rest, ...times, move: `m-${app}`, app } };
    }
    if (event.type === 'deployment') return { ...event, at, move: `m-${app}` };
    return { ...event, at, move: `m-${app}`, app };
  });
}

function lookAt(seconds: number, columns: number): Look {
  return { marks: marksFor(true), style: style(false), columns, now: Date.parse(atSecond(seconds)) };
}

function show(frames: readonly (readonly string[])[]): string {
  return `${frames.map((lines) => lines.join('\n')).join('\n---\n')}\n`;
}
