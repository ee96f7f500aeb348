import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DeploymentEvent } from '../../model/deployment.ts';
import { style } from '../output/style.ts';
import { textWidth } from '../output/text-width.ts';
import { at, deployment, ended, goodStory, step } from '../testing/deployments.ts';
import { block } from './block.ts';
import { type Look, marksFor } from './marks.ts';
import { plainLine } from './plain-lines.ts';
import { finishedLine, summary } from './summary.ts';
import { told } from './told.ts';
import { see, type View } from './view.ts';

process.env['TZ'] = 'UTC';

for (const columns of [100, 60, 30]) {
  test(`a deployment that goes well, ${columns} columns wide`, (t) => {
    const frames = framesOf(
      goodStory(),
      (view, look) => [...view.values()].flatMap((each) => block(each, look)),
      columns,
    );
    for (const line of frames.flat()) assert.ok(textWidth(line) < columns, `too wide: ${line}`);
    golden(t, `good-${columns}`, show(frames));
  });
}

test('a deployment that fails and goes back, in two homes', (t) => {
  const about = { deployment: 'd-7f3a', app: 'hcn' };
  const instances = (home: string, healthy: number) =>
    ({
      type: 'instances',
      at: at(3),
      ...about,
      home,
      wanted: 2,
      running: 2,
      healthy,
      why: `${healthy} of 2 healthy`,
    }) as const;
  const told = (seconds: number, record: ReturnType<typeof step>) =>
    [seconds, { type: 'step', at: at(seconds), ...about, step: record }] as const;
  const events: readonly (readonly [number, DeploymentEvent])[] = [
    [0, { type: 'waiting', at: at(0), ...about, why: 'for the lock of ann@laptop' }],
    [2, { type: 'deployment', at: at(0), deployment: deployment({ homes: ['mesos', 'k8s'] }) }],
    told(2, step('rollout', 'running', 2, undefined, { attempts: 2 })),
    [3, instances('mesos', 2)],
    [3, instances('k8s', 0)],
    [
      4,
      {
        type: 'log',
        at: at(4),
        ...about,
        source: 'k8s',
        line: '\u001b[31mcannot start\u001b[0m: no \tledger\u0007',
      },
    ],
    told(9, step('rollout', 'failed', 2, 9, { message: 'health check /health answers 500' })),
    told(9, step('migrate', 'undoing', 9)),
    told(11, step('migrate', 'undone', 9, 11, { message: 'back to schema 0.9.0' })),
    [12, { type: 'deployment', at: at(12), deployment: ended('rolled-back', { action: 'rollback' }) }],
  ];
  golden(
    t,
    'bad-80',
    show(framesOf(events, (view, look) => [...view.values()].flatMap((each) => block(each, look)), 80)),
  );
});

test('several deployments take a line each, and a finished one a line that stays', (t) => {
  const both = [
    ...goodStory('d-1', 'account'),
    ...goodStory('d-2', 'hcn').map(([s, event]) => [s + 2, event] as const),
  ];
  const events = both.sort(([a], [b]) => a - b);
  const frames = framesOf(events, (view, look) => summary(view, 'sync test1 → test2', at(0), look), 80);
  const last = events.reduce<View>((view, [, event]) => see(view, event), new Map());
  const stays = [...last.values()].map((each) => finishedLine(each, last, lookAt(14, 80)));
  golden(t, 'several-80', `${show(frames)}\n--- stays\n${stays.join('\n')}\n`);
});

test('plain lines come only when something changed', (t) => {
  const lines: string[] = [];
  goodStory().reduce<View>((view, [, event]) => {
    const after = see(view, event);
    const line = plainLine(event, view, after);
    if (line !== undefined) lines.push(line);
    return after;
  }, new Map());
  assert.equal(new Set(lines).size, lines.length);
  golden(t, 'plain', `${lines.join('\n')}\n`);
});

test('a terminal without Unicode gets ASCII only', () => {
  const frames = framesOf(
    goodStory(),
    (view, look) => [...view.values()].flatMap((each) => block(each, { ...look, marks: marksFor(false) })),
    80,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII
  for (const line of frames.flat()) assert.match(line, /^[\u0000-\u007f]*$/);
});

function framesOf(
  events: readonly (readonly [number, DeploymentEvent])[],
  draw: (view: View, look: Look) => readonly string[],
  columns: number,
): readonly (readonly string[])[] {
  let view: View = new Map();
  return events.map(([seconds, event]) => {
    view = see(view, event);
    return draw(view, lookAt(seconds, columns));
  });
}

function lookAt(seconds: number, columns: number): Look {
  return { marks: marksFor(true), style: style(false), columns, now: Date.parse(at(seconds)) };
}

/** Frames one below the other, each once. */
function show(frames: readonly (readonly string[])[]): string {
  const texts = frames.map((lines) => lines.join('\n'));
  return `${texts.filter((text, index) => text !== texts[index - 1]).join('\n---\n')}\n`;
}

function golden(t: TestContext, name: string, text: string): void {
  t.assert.fileSnapshot(text, join(import.meta.dirname, 'golden', `${name}.txt`), { serializers: [String] });
}

test('that a step begins is told when it does something or takes its time', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: string[] = [];
  const shown = told({ line: (text) => lines.push(text.slice('12:00:00 hcn test1 '.length)) });
  let view: View = new Map();
  const tell = (...events: readonly DeploymentEvent[]) => {
    for (const event of events) {
      const before = view;
      view = see(view, event);
      shown.see(event, before, view);
    }
    return lines.splice(0);
  };
  const about = (record: ReturnType<typeof step>) =>
    ({ type: 'step', at: at(0), deployment: 'd-7f3a', app: 'hcn', step: record }) as const;
  tell({ type: 'deployment', at: at(0), deployment: deployment() });
  const [begun, done] = [about(step('lock', 'running', 0)), about(step('lock', 'done', 0, 0))];
  assert.deepEqual(tell(begun, done), ['lock done (0.0 s)']);
  assert.deepEqual(tell(about(step('check', 'running', 0))), []);
  t.mock.timers.tick(1_000);
  assert.deepEqual(tell(), ['check begins']);
  assert.deepEqual(tell(about(step('check', 'done', 0, 2))), ['check done (2.0 s)']);
  const log = { type: 'log', at: at(0), deployment: 'd-7f3a', app: 'hcn', source: 'x', line: 'one' } as const;
  assert.deepEqual(tell(about(step('migrate', 'running', 0)), log), ['migrate begins', 'migrate | one']);
  assert.deepEqual(tell(about(step('rollout', 'running', 0)), about(step('migrate', 'undoing', 0))), [
    'rollout begins',
    'migrate undoing',
  ]);
  tell(about(step('crons', 'running', 0)));
  shown.close();
  assert.deepEqual(tell(), ['crons begins']);
});
