import { type Failure, isFailure } from '../../model/failure.ts';
import type { Move } from '../../model/move.ts';
import type { Operations, WaveRequest } from '../../operations/operations.ts';
import { whereFlag } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { followFleet, followMove } from '../moves/follow.ts';
import { showForecasts } from '../moves/forecast.ts';
import { requestFrom, waveFrom } from '../moves/request.ts';
import { moveExit } from '../moves/verdict.ts';
import { waitForTurn } from '../moves/wait-for-turn.ts';
import { fileFor, writeReport } from '../moves/write-report.ts';

export const command: Command = {
  name: 'move',
  summary: 'change the home of apps, stage by stage, under live traffic',
  description:
    'The release arrives dark in the new home, is compared and probed, gets the traffic stage by stage, then the ' +
    'crons, and the old home stays warm for a while. Each stage is held while the gate compares errors and latency ' +
    'of both homes; one failed gate takes everything back. What is not given is as `moves:` in rehome.yaml says.\n' +
    'A soak of more than a minute is left to a worker in the background. rehome move back takes an app home from anywhere on ' +
    'the way; see also rehome move status, pause, resume, finish, approve and report. An app with the name of one ' +
    'of these stands behind a flag.',
  args: [
    { name: 'APP', summary: 'which apps; without any, --all', required: false, many: true, complete: 'app' },
  ],
  flags: [
    { ...whereFlag, summary: 'the environment', complete: 'environment' },
    { name: 'to', value: 'HOME', required: true, summary: 'the home to move to', complete: 'where' },
    { name: 'stages', value: 'PERCENTS', summary: 'shares of the new home, say 1,10,50,100' },
    { name: 'hold', value: 'DURATION', summary: 'how long each stage is held' },
    { name: 'soak', value: 'DURATION', summary: 'how long the old home is kept warm at the end' },
    { name: 'manual', summary: 'every stage waits for rehome move approve' },
    { name: 'all', summary: 'every app of the environment that does not live there alone' },
    { name: 'wave', value: 'N', summary: 'how many apps at a time', default: '1' },
    { name: 'keep-going', summary: 'the others go on when one of several goes back' },
    { name: 'detach', summary: 'only begin; a worker in the background carries it on' },
    {
      name: 'lock-wait',
      value: 'DURATION',
      summary: 'how long to wait while something else works on the app',
      default: '0',
    },
    { name: 'report', value: 'FILE', summary: 'write the report there at the end, HTML' },
  ],
  examples: [
    ['rehome move account -e test1 --to k8s', 'account moves to k8s, as rehome.yaml says'],
    ['rehome move account -e test1 --to k8s --dry-run', 'what that would do'],
    ['rehome move account -e prod --to k8s --manual --report account.html', 'a yes for each stage'],
    ['rehome move --all -e test1 --to k8s --wave 5', 'every app, five at a time'],
  ],
  exits: [4, 5, 70],
  mutates: true,
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags, output } = invocation;
  const request = requestFrom(flags);
  if (isFailure(request)) return request;
  const wave = waveFrom(args['APP'] ?? [], flags, request);
  if (isFailure(wave)) return wave;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  if (flags.on('dry-run')) return showForecasts(operations, wave, output);
  const what = `move ${wave.apps?.join(', ') ?? 'every app'} to ${wave.to} in ${wave.where}`;
  const refused = await confirm(invocation, operations, wave.where, what);
  return refused ?? begin(invocation, operations, wave);
}

function begin(invocation: Invocation, operations: Operations, wave: WaveRequest): Promise<number | Failure> {
  const { flags, now } = invocation;
  const waitMs = flags.ms('lock-wait') ?? 0;
  const detached = flags.on('detach');
  const [app, ...more] = wave.apps ?? [];
  if (app !== undefined && more.length === 0) {
    const { apps: _one, wave: _of, keepGoing: _others, ...request } = wave;
    return followMove(
      invocation,
      (watch, signal) =>
        waitForTurn(() => operations.move({ ...request, app }, watch, signal), waitMs, now, signal),
      (move) => moveExit(move, detached),
      (moves) => report(invocation, operations, moves, false),
    );
  }
  const title = `move to ${wave.to} in ${wave.where}`;
  return followFleet(
    invocation,
    (watch, signal) => waitForTurn(() => operations.moveAll(wave, watch, signal), waitMs, now, signal),
    { title, detached, ...(wave.apps ? { expected: wave.apps.length } : {}) },
    (moves) => report(invocation, operations, moves, true),
  );
}

/** Also of moves that went back, and of those that only soak. */
async function report(
  { flags, output, cwd }: Invocation,
  operations: Operations,
  moves: readonly Move[],
  several: boolean,
): Promise<undefined | Failure> {
  const file = flags.text('report');
  if (file === undefined) return undefined;
  for (const move of moves) {
    const written = await writeReport(operations, move, fileFor(file, move, several), cwd);
    if (isFailure(written)) return written;
    output.line(`  report: ${written}`);
  }
  return undefined;
}
