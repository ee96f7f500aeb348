import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fail } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type {
  FleetResult,
  MoveForecast,
  MoveRequest,
  Operations,
  SteerRequest,
  WaveRequest,
} from '../../operations/operations.ts';
import { atSecond, badMove, goodMove, madeUpMove } from '../../report/testing/made-up.ts';
import { golden } from '../testing/golden.ts';
import { runCli } from '../testing/run-cli.ts';

process.env['TZ'] = 'UTC';

const line = ['move', 'account', '-e', 'test1', '--to', 'k8s'];
const interrupted = fail('interrupted', 'Stopped on request.');
const over = { finishedAt: atSecond(185), attended: false };
const ends: readonly (readonly [string, Partial<Move>, number])[] = [
  ['done', { status: 'done', ...over, why: 'k8s has everything' }, 0],
  ['back', { status: 'back', direction: 'back', ...over, why: 'the gate failed at 50 %' }, 4],
  ['abandoned', { status: 'abandoned', ...over, failure: fail('frozen', 'It is frozen.') }, 1],
  ['soaking', { phase: 'soak', shares: { mesos: 0, k8s: 100 }, nextAt: atSecond(3_600) }, 0],
  ['stopped', { phase: 'share', attended: false, failure: interrupted, shares: { k8s: 10 } }, 70],
  ['stopped in its soak', { phase: 'soak', attended: false, failure: interrupted }, 70],
  ['paused', { paused: true, phase: 'share' }, 70],
];
for (const [name, more, code] of ends) {
  test(`a move that ends ${name} exits ${code}, and says what to do`, async (t) => {
    const operations = { move: async () => madeUpMove(more) };
    const ran = await runCli(line, { operations });
    assert.equal(ran.code, code);
    assert.equal(ran.stdout, '');
    golden(t, import.meta.dirname, `move-${name.replaceAll(' ', '-')}`, ran.stderr);
    const document = await json(line, operations);
    const { move, app, environment, from, to, phase, shares } = document;
    const wanted = madeUpMove(more);
    assert.deepEqual(
      { move, app, environment, from, to, phase, shares },
      {
        ...{ move: 'm-4c1d', app: 'account', environment: 'test1', from: 'mesos', to: 'k8s' },
        phase: wanted.phase,
        shares: wanted.shares,
      },
    );
  });
}

test('a move passes everything on that its flags say, and nothing that they do not', async () => {
  const asked: MoveRequest[] = [];
  const move = async (request: MoveRequest) => {
    asked.push(request);
    return madeUpMove({ status: 'done', ...over });
  };
  await runCli([...line, '--to=k8s'], { operations: { move } });
  const all = ['--stages', '1,12.5,50%', '--hold=30s', '--soak', '1h', '--manual', '--detach'];
  await runCli(['move', 'account', '-e', 'test1', '--to', 'test1.k8s', ...all], { operations: { move } });
  const plain = { app: 'account', where: 'test1', to: 'k8s' };
  assert.deepEqual(asked, [
    { ...plain, detach: false },
    {
      ...plain,
      stages: [1, 12.5, 50],
      holdMs: 30_000,
      soakMs: 3_600_000,
      manual: true,
      detach: true,
    },
  ]);
});

test('what makes no sense is refused before anything is opened', async () => {
  for (const words of [
    ['move', '-e', 'test1', '--to', 'k8s'],
    ['move', 'account', '--all', '-e', 'test1', '--to', 'k8s'],
    ['move', 'account', 'account', '-e', 'test1', '--to', 'k8s'],
    ['move', 'account', '-e', 'test1'],
    ['move', 'account', '--to', 'k8s'],
    [...line, '--stages', '50,10'],
    [...line, '--stages', '10,101'],
    [...line, '--stages', 'ten'],
    [...line, '--stages', '0,10'],
    [...line, '--hold', 'long'],
    ['move', 'pause'],
  ]) {
    const ran = await runCli([...words, '--json'], { operations: {} });
    assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [2, 'usage'], words.join(' '));
  }
});

test('a move that cannot begin exits with what stands in the way: 1, 2, or 5 while another one runs', async () => {
  for (const [code, exit] of [
    ['unreachable', 1],
    ['unknown-home', 2],
    ['move-running', 5],
    ['lock-held', 5],
  ] as const) {
    const ran = await runCli([...line, '--json'], { operations: { move: async () => fail(code, 'No.') } });
    assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [exit, code]);
  }
});

test('--lock-wait asks again until it is its turn, and gives up in the end', async () => {
  let asked = 0;
  const move = async () => {
    asked += 1;
    return asked < 3 ? fail('move-running', 'Another one.') : madeUpMove({ status: 'done', ...over });
  };
  let now = Date.parse(atSecond(0));
  const tick = () => {
    now += 400;
    return now;
  };
  assert.equal((await runCli([...line, '--lock-wait', '60s'], { operations: { move }, now: tick })).code, 0);
  assert.equal(asked, 3);
  const busy = { move: async () => fail('move-running', 'Another one.') };
  assert.equal((await runCli([...line, '--lock-wait', '1s'], { operations: busy, now: tick })).code, 5);
});

test('--json-stream is one event a line, the last one the move; a terminal gets the block', async () => {
  const { move, events } = goodMove();
  const operations = { move: telling(move, events) };
  const ran = await runCli([...line, '--json-stream'], { operations });
  const told = ran.stdout
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));
  assert.deepEqual(told.slice(0, -1), events);
  assert.deepEqual([told.at(-1).type, told.at(-1).status], ['end', 'done']);
  const terminal = { columns: 100, rows: 40 };
  const shown = await runCli([...line, '--no-color'], { operations, terminal });
  assert.match(shown.stderr, /share 50 % {2}█████░░░░░/);
  assert.match(shown.stderr, /account lives in k8s now, mesos is dark \(test1, 1 h 2 min\)/);
  assert.match(shown.stderr, /3,354,795 requests seen meanwhile, 0 errors/);
});

test('several apps, or all of them, are a fleet: its document, its exit code, and who was left out', async () => {
  const asked: WaveRequest[] = [];
  const result: FleetResult = {
    moves: [
      madeUpMove({ status: 'done', ...over }),
      madeUpMove({ app: 'hcn', status: 'back', ...over, why: 'the gate failed' }),
    ],
    failures: { ledger: fail('move-running', 'ledger is moving already.') },
    left: ['notes'],
  };
  const moveAll = async (request: WaveRequest) => {
    asked.push(request);
    return result;
  };
  const words = ['move', '--all', '-e', 'test1', '--to', 'k8s', '--wave', '5', '--keep-going'];
  const ran = await runCli(words, { operations: { moveAll } });
  assert.equal(ran.code, 5);
  assert.match(ran.stderr, /hcn is back in mesos \(test1, 3 min 5 s\): the gate failed/);
  assert.match(ran.stderr, /not begun any more: notes/);
  assert.match(ran.stderr, /move to k8s in test1: 1 move done, 2 not\n$/);
  const document = await json(words, { moveAll });
  assert.deepEqual(
    [document.moves.map((each: Move) => each.app), document.failures.ledger.code, document.left],
    [['account', 'hcn'], 'move-running', ['notes']],
  );
  assert.deepEqual(asked[0], { where: 'test1', to: 'k8s', detach: false, wave: 5, keepGoing: true });
  await runCli(['move', 'account', 'hcn', '-e', 'test1', '--to', 'k8s'], { operations: { moveAll } });
  assert.deepEqual([asked.at(-1)?.apps, asked.at(-1)?.wave], [['account', 'hcn'], 1]);
});

test('a dry run shows what would be done and does nothing; of all apps those that do not live there alone', async (t) => {
  const planned: MoveRequest[] = [];
  const planMove = async (request: MoveRequest): Promise<MoveForecast> => {
    planned.push(request);
    return forecast(request.app);
  };
  const ran = await runCli([...line, '--dry-run'], { operations: { planMove } });
  assert.equal(ran.code, 0);
  golden(t, import.meta.dirname, 'move-dry-run', ran.stdout);
  const document = await json([...line, '--dry-run'], { planMove });
  assert.deepEqual([document.dryRun, document.app, document.changes[0].action], [true, 'account', 'create']);
  const home = (name: string, share: number) => ({
    ...{ home: name, platform: 'mesos', share, duty: share === 100, phase: 'settled' },
    instances: { wanted: 1, running: 1, healthy: 1 },
  });
  const status = async () => [
    { app: 'account', environment: 'test1', homes: [home('mesos', 100)] },
    { app: 'hcn', environment: 'test1', homes: [home('mesos', 0), home('k8s', 100)] },
    { app: 'ledger', environment: 'test1', homes: [home('mesos', 50), home('k8s', 50)] },
  ];
  planned.length = 0;
  const all = await runCli(['move', '--all', '-e', 'test1', '--to', 'k8s', '--dry-run'], {
    operations: { planMove, status },
  });
  assert.equal(all.code, 0, all.stderr);
  assert.deepEqual(
    planned.map(({ app }) => app),
    ['account', 'ledger'],
  );
});

test('what is said to a move is said to the one that is meant', async () => {
  const said: SteerRequest[] = [];
  const operations = {
    moves: async () => [madeUpMove()],
    steerMove: async (request: SteerRequest) => {
      said.push(request);
      // Back is said to be done when it is.
      return madeUpMove(request.what === 'back' ? { status: 'back' } : { attended: true });
    },
  };
  const verbs = ['pause', 'resume', 'back', 'finish', 'approve'] as const;
  for (const what of verbs) {
    assert.equal((await runCli(['move', what, '-e', 'test1'], { operations })).code, 0, what);
    assert.equal((await runCli(['move', what, 'account', '-e', 'test1'], { operations })).code, 0, what);
  }
  assert.deepEqual(
    said,
    verbs.flatMap((what) => [
      { app: 'account', where: 'test1', what },
      { app: 'account', where: 'test1', what },
    ]),
  );
  const several = { moves: async () => [madeUpMove(), madeUpMove({ app: 'hcn' })] };
  const unclear = await runCli(['move', 'back', '-e', 'test1', '--json'], { operations: several });
  assert.deepEqual(
    [unclear.code, JSON.parse(unclear.stdout).error.expected],
    [2, 'one of them: account, hcn'],
  );
  const none = await runCli(['move', 'back', '-e', 'test1', '--json'], {
    operations: { moves: async () => [] },
  });
  assert.deepEqual([none.code, JSON.parse(none.stdout).error.code], [2, 'no-such-move']);
});

test('the exit code of what was said tells whether it came true', async () => {
  const back = { status: 'back', direction: 'back', ...over } as const;
  const stopped = { attended: false, failure: interrupted };
  for (const [what, more, exit] of [
    ['back', back, 0],
    ['back', { direction: 'back', ...stopped }, 70],
    ['resume', back, 4],
    ['resume', { status: 'done', ...over }, 0],
    ['resume', stopped, 70],
    ['finish', { status: 'abandoned', ...over }, 1],
    ['pause', { paused: true, attended: false }, 0],
  ] as const) {
    const operations = { moves: async () => [madeUpMove()], steerMove: async () => madeUpMove(more) };
    const ran = await runCli(['move', what, 'account', '-e', 'test1'], { operations });
    assert.equal(ran.code, exit, `${what} ${JSON.stringify(more)}`);
  }
});

test('in a protected environment everything that moves asks, and a dry run never does', async () => {
  const inProd = { moves: async () => [madeUpMove({ environment: 'prod' })] };
  for (const words of [
    'move account -e prod --to k8s',
    'move --all -e prod --to k8s',
    ...['pause', 'resume', 'back', 'finish', 'approve'].map((what) => `move ${what} account -e prod`),
  ]) {
    const ran = await runCli(words.split(' '), { operations: inProd });
    assert.match(ran.stderr, /prod is protected and nobody agreed \[needs-confirmation\]/, words);
  }
  for (const what of ['pause', 'resume', 'back', 'finish', 'approve']) {
    const ran = await runCli(['move', what, 'account', '-e', 'prod', '--dry-run'], { operations: inProd });
    assert.match(ran.stdout, /^Would .* the move of account from mesos to k8s in prod\.$/m, what);
  }
});

test('status: those under way first; of one app the whole story', async (t) => {
  const { move, events } = badMove();
  const moves = async ({ environment }: { environment?: string }) =>
    [
      goodMove().move,
      move,
      madeUpMove({
        move: 'm-9',
        app: 'hcn',
        phase: 'share',
        nextAt: atSecond(42),
        shares: { mesos: 90, k8s: 10 },
      }),
      madeUpMove({ move: 'm-8', app: 'ledger', attended: false }),
      madeUpMove({ move: 'm-7', app: 'notes', paused: true }),
    ].filter((each) => environment === undefined || each.environment === environment);
  const now = () => Date.parse(atSecond(30));
  const operations: Partial<Operations> = { moves, moveEvents: async () => events };
  const table = await runCli(['move', 'status'], { operations, now });
  golden(t, import.meta.dirname, 'move-status', table.stdout);
  assert.equal((await json(['move', 'status'], operations)).moves.length, 5);
  assert.match(
    (await runCli(['move', 'status', '-e', 'prod'], { operations })).stdout,
    /Nothing was moved yet/,
  );
  const one = await runCli(['move', 'status', move.app, '-e', 'test1'], {
    operations: { ...operations, moves: async () => [move] },
    now,
  });
  golden(t, import.meta.dirname, 'move-story', one.stdout);
  const document = await json(['move', 'status', 'm-9'], { ...operations, moveEvents: async () => [] });
  assert.deepEqual([document.move, document.app, document.shares.k8s], ['m-9', 'hcn', 10]);
  assert.equal((await runCli(['move', 'status', 'nobody'], { operations })).code, 2);
});

test('a report is written where it is asked for: by hand, after a move, and one for each of a fleet', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { move, events } = goodMove();
  const hcn = { ...move, move: 'm-5', app: 'hcn' };
  const operations = {
    moves: async () => [move],
    moveEvents: async () => events,
    move: async () => move,
    moveAll: async (): Promise<FleetResult> => ({ moves: [move, hcn], failures: {}, left: [] }),
  };
  const at = { operations, cwd: folder };
  const page = (name: string) => readFileSync(join(folder, name), 'utf8');
  const byHand = await runCli(['move', 'report', 'account', '-e', 'test1'], at);
  assert.equal(byHand.stdout, `${join(folder, 'move-account-test1-m-4c1d.html')}\n`);
  assert.match(page('move-account-test1-m-4c1d.html'), /^<!doctype html>[\s\S]*3,354,795[\s\S]*<\/html>\n$/);
  const onStdout = await runCli(['move', 'report', 'm-4c1d', '-o', '-'], at);
  assert.equal(onStdout.stdout, page('move-account-test1-m-4c1d.html'));
  const after = await runCli([...line, '--report', 'after.html'], at);
  assert.match(after.stderr, /report: .*after\.html\n$/);
  assert.equal(page('after.html'), onStdout.stdout);
  await runCli(['move', '--all', '-e', 'test1', '--to', 'k8s', '--report', 'fleet.html'], at);
  assert.match(page('fleet-hcn.html'), /<title>hcn in test1/);
  assert.match(page('fleet-account.html'), /<title>account in test1/);
  const nowhere = await runCli(['move', 'report', 'account', '-o', 'no/such/folder.html', '--json'], at);
  assert.deepEqual([nowhere.code, JSON.parse(nowhere.stdout).error.code], [1, 'file-unusable']);
});

function telling(move: Move, events: ReturnType<typeof goodMove>['events']): Operations['move'] {
  return async (_request, watch) => {
    for (const event of events) watch(event);
    return move;
  };
}

function forecast(app: string): MoveForecast {
  const { plan, from, to, environment } = madeUpMove();
  const object = 'Deployment account';
  return {
    ...{ app, environment, from, to, version: '2.1.0', plan },
    actions: [
      { phase: 'arrive', action: 'deploy account 2.1.0 to test1.k8s, dark' },
      { phase: 'compare', action: 'compare mesos with k8s' },
      { phase: 'share', action: 'share 10 %' },
      { phase: 'share', action: 'share 100 %' },
      { phase: 'duty', action: 'move 2 crons' },
    ],
    arrival: {
      environment,
      apps: [
        { app, version: '2.1.0', notes: [], changes: [{ action: 'create', object, home: to, fields: [] }] },
      ],
    },
  } as MoveForecast;
}

async function json(words: readonly string[], operations: Partial<Operations>) {
  const ran = await runCli([...words, '--json'], { operations });
  return JSON.parse(ran.stdout);
}
