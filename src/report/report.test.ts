import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HomeFigures, MoveEvent } from '../model/move.ts';
import { reportOf } from './report.ts';
import { atSecond, badMove, goodMove, type MadeUp, madeUpMove } from './testing/made-up.ts';
import { elementsOf, numberIn, rowsOf, textOf, well } from './testing/read-html.ts';

test('the report of a short move, to the letter', (t) => {
  const { move, events } = shortMove();
  const body = /<body>\n([\s\S]*)<div id="tip"/.exec(reportOf(move, events))?.[1] ?? '';
  t.assert.fileSnapshot(body, join(import.meta.dirname, 'golden/short.html'), { serializers: [String] });
});

for (const [name, story] of [
  ['a move that ends well', goodMove()],
  ['a move that goes back', badMove()],
  ['a move of which nothing was recorded', { move: madeUpMove(), events: [] }],
] as const) {
  test(`the report of ${name} is well-formed, loads nothing, and adds up`, () => {
    const page = reportOf(story.move, story.events);
    assertSound(page);
    assertAddsUp(page, story);
  });
}

test('what went wrong is seen', () => {
  const { move, events } = badMove();
  const page = textOf(reportOf(move, events));
  for (const words of [
    'Went back',
    'went back: the gate failed at 50 %',
    '4.1 % errors in k8s, 0 % in mesos: 1 % more is allowed',
    '1 missed, 1 doubled',
    'no end was seen',
  ]) {
    assert.ok(page.includes(words), words);
  }
});

test('a failure is shown with its hint and its details', () => {
  const failure = {
    kind: 'Failure',
    code: 'not-healthy',
    message: 'k8s does not become healthy.',
    hint: 'look at its log',
    details: 'no PORT',
  } as const;
  const page = textOf(reportOf(madeUpMove({ status: 'abandoned', failure }), []));
  for (const words of [failure.message, failure.code, failure.hint, failure.details, 'Abandoned']) {
    assert.ok(page.includes(words), words);
  }
});

const nasty = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></script><script>alert(1)</script>',
  '<!--',
  ']]>',
  '&amp;',
  '\u0000\u001b[2J\u202e\ud800',
  '$1 {{ name }}',
  '',
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const unshowable = /[\u0000\u001b\u202e]/g;

test('whatever names and messages are, they stay names and messages', () => {
  for (const word of nasty) {
    const page = reportOf(...hostile(word));
    assertSound(page);
    const shown = word.toWellFormed().replaceAll(unshowable, '\ufffd');
    assert.ok(textOf(page).includes(shown), word);
    assert.equal(elementsOf(page, 'script').length, 1, 'only its own script');
    assert.equal(elementsOf(page, 'img').length, 0);
  }
});

test('numbers add up and the page is sound, whatever happened', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.constantFrom(...nasty), (events, word) => {
      const move = madeUpMove({ app: word, finishedAt: atSecond(300) });
      const story = { move, events: events.map((event) => renamed(event, word)) };
      const page = reportOf(story.move, story.events);
      assertSound(page);
      assertAddsUp(page, story);
    }),
    { numRuns: 60 },
  );
});

test('a run of a cron that was told twice is one run', () => {
  const tick = (seconds: number): MoveEvent => ({
    ...{ type: 'tick', at: atSecond(seconds), ...about, home: 'mesos', cron: 'interest' },
  });
  const page = reportOf(madeUpMove(), [0, 5, 10, 10, 15].map(tick));
  assert.deepEqual([numberIn(page, 'ticks'), numberIn(page, 'doubled')], [4, 0]);
});

test('a long move has a report that can still be read: charts get no more points than they can show', () => {
  const events = Array.from({ length: 20_000 }, (_, index) =>
    figuresAt(index, [home('mesos', 3), home('k8s', 5)]),
  );
  const move = madeUpMove({ finishedAt: atSecond(20_000) });
  const page = reportOf(move, events);
  assert.ok(page.length < 400_000, `${page.length} characters`);
  assertAddsUp(page, { move, events });
});

/** Well-formed, and nothing in it could be fetched or run. */
function assertSound(page: string): void {
  assert.equal(well(page), undefined);
  const tags = page.replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '').replaceAll(/"[^"]*"/g, '""');
  assert.doesNotMatch(tags, /<[^>]* (?:src|srcset|action|poster|on[a-z]+)=/i);
  assert.doesNotMatch(page, /@import|url\(/);
  assert.deepEqual(
    [...page.matchAll(/<[a-z]+[^>]* href="([^"]*)"/g)].map((match) => match[1]),
    ['data:,'],
  );
  assert.doesNotMatch(textOf(page), /NaN|Infinity|undefined|\[object/);
}

/** The numbers by home, those of the charts' tables, and those of the stages are the sums of the figures. */
function assertAddsUp(page: string, { move, events }: MadeUp): void {
  const figures = events.flatMap((event) => (event.type === 'figures' ? [event.homes] : []));
  const names = [...new Set([move.from, move.to, ...figures.flat().map((each) => each.home)])];
  const sum = (key: 'requests' | 'errors', name?: string) =>
    figures
      .flat()
      .filter((each) => name === undefined || each.home === name)
      .reduce((total, each) => total + each[key], 0);
  for (const key of ['requests', 'errors'] as const) assert.equal(numberIn(page, key), sum(key));
  for (const [index, name] of names.entries()) {
    const says = `of ${name}`;
    assert.equal(numberIn(page, 'requests', index), sum('requests', name), says);
    assert.equal(numberIn(page, 'errors', index), sum('errors', name), says);
    if (figures.length === 0) continue;
    assert.equal(total(rowsOf(page, 'traffic'), 3 + index), sum('requests', name), `traffic ${says}`);
    assert.equal(total(rowsOf(page, 'errors'), 2 + index), sum('errors', name), `errors ${says}`);
    assert.equal(total(rowsOf(page, 'stages'), 3 + 3 * index), sum('requests', name), `stages ${says}`);
    assert.equal(total(rowsOf(page, 'stages'), 4 + 3 * index), sum('errors', name), `stages ${says}`);
  }
}

function total(rows: readonly (readonly string[])[], column: number): number {
  return rows.reduce((sum, row) => sum + Number.parseInt((row[column] ?? '').replaceAll(',', ''), 10), 0);
}

const anyHome = fc.record({
  home: fc.constantFrom('mesos', 'k8s', 'third'),
  share: fc.integer({ min: 0, max: 100 }),
  windowMs: fc.integer({ min: 0, max: 5_000 }),
  requests: fc.integer({ min: 0, max: 100_000 }),
  errors: fc.integer({ min: 0, max: 300 }),
  overflow: fc.integer({ min: 0, max: 9 }),
  p99: fc.double({ min: 0, max: 90_000, noNaN: true }),
  inFlight: fc.integer({ min: 0, max: 9 }),
  websockets: fc.integer({ min: 0, max: 9 }),
  restarts: fc.integer({ min: 0, max: 3 }),
});
const second = fc.integer({ min: 0, max: 300 });
const anyEvent: fc.Arbitrary<MoveEvent> = fc.oneof(
  fc
    .tuple(second, fc.uniqueArray(anyHome, { maxLength: 3, selector: (each) => each.home }))
    .map(([at, homes]) =>
      figuresAt(
        at,
        homes.map((each) => ({ ...each, instances: { wanted: 1, running: 1, healthy: 1 } })),
      ),
    ),
  fc.tuple(second, fc.constantFrom('begun', 'done', 'failed')).map(([at, outcome]) => ({
    ...{ type: 'action', at: atSecond(at), ...about, phase: 'share', action: 'share 10 %' },
    outcome,
  })) as fc.Arbitrary<MoveEvent>,
  fc.tuple(second, fc.constantFrom('pass', 'fail', 'inconclusive')).map(([at, verdict]) => ({
    ...{ type: 'gate', at: atSecond(at), ...about, stage: 10, why: 'so' },
    verdict,
  })) as fc.Arbitrary<MoveEvent>,
  fc.tuple(second, fc.constantFrom('mesos', 'k8s')).map(([at, where]) => ({
    ...{ type: 'tick', at: atSecond(at), ...about, cron: 'interest' },
    home: where,
  })) as fc.Arbitrary<MoveEvent>,
  fc.tuple(second, fc.boolean(), fc.constantFrom('share', 'duty', 'soak')).map(([at, paused, phase]) => ({
    ...{ type: 'move', at: atSecond(at) },
    move: madeUpMove({ paused, phase: phase as 'share' }),
  })) as fc.Arbitrary<MoveEvent>,
);

const about = { move: 'm-4c1d', app: 'account' };

function figuresAt(seconds: number, homes: readonly HomeFigures[]): MoveEvent {
  return { type: 'figures', at: atSecond(seconds), ...about, homes };
}

function home(name: string, requests: number): HomeFigures {
  const instances = { wanted: 3, running: 3, healthy: 3 };
  const rest = { overflow: 0, inFlight: 1, websockets: 0, instances, errors: requests === 5 ? 1 : 0 };
  return { home: name, share: 50, windowMs: 1_000, requests, p50: 4, p99: 9.5, ...rest };
}

/** A word in the place of every free text of an event. */
function renamed(event: MoveEvent, word: string): MoveEvent {
  switch (event.type) {
    case 'action':
      return { ...event, action: word, message: word };
    case 'gate':
      return { ...event, why: word };
    case 'tick':
      return { ...event, cron: word };
    case 'move':
      return { ...event, move: { ...event.move, why: word, holder: word } };
    default:
      return event;
  }
}

function hostile(word: string): [MadeUp['move'], MadeUp['events']] {
  const failure = { kind: 'Failure', code: 'frozen', message: word, hint: word, details: word } as const;
  const names = { app: word, environment: word, from: word, to: `${word}2`, holder: word, why: word };
  const { move, events } = badMove();
  const own = events.map((event) => renamed(event, word));
  return [{ ...move, ...names, failure, shares: { [word]: 100 } }, own];
}

/** Few enough events to be read in the golden file. */
function shortMove(): MadeUp {
  const shares = [0, 0, 50, 50, 100, 100];
  const move = madeUpMove({
    status: 'done',
    phase: 'soak',
    finishedAt: atSecond(8),
    why: 'k8s has everything',
  });
  const counted = shares.map((share, index) =>
    figuresAt(index + 1, [
      { ...home('mesos', (100 - share) * 10), share: 100 - share },
      { ...home('k8s', share * 10), share, errors: index === 3 ? 2 : 0 },
    ]),
  );
  return {
    move: { ...move, shares: { mesos: 0, k8s: 100 } },
    events: [
      { type: 'move', at: atSecond(0), move: madeUpMove() },
      ...counted,
      { type: 'action', at: atSecond(2), ...about, phase: 'share', action: 'share 50 %', outcome: 'begun' },
      {
        type: 'action',
        at: atSecond(2.04),
        ...about,
        phase: 'share',
        action: 'share 50 %',
        outcome: 'done',
        tookMs: 40,
        message: 'k8s has 50 %',
      },
      { type: 'gate', at: atSecond(4), ...about, stage: 50, verdict: 'pass', why: '0.4 % errors more' },
      { type: 'tick', at: atSecond(1), ...about, home: 'mesos', cron: 'interest' },
      { type: 'tick', at: atSecond(4), ...about, home: 'k8s', cron: 'interest' },
      { type: 'tick', at: atSecond(7), ...about, home: 'k8s', cron: 'interest' },
      { type: 'move', at: atSecond(8), move },
    ],
  };
}
