import { type Failure, isFailure } from '../../model/failure.ts';
import { filterFlag } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { latestMove } from '../moves/find-move.ts';
import { defaultFile, reportPage, writeReport } from '../moves/write-report.ts';

export const command: Command = {
  name: 'move report',
  summary: 'write the report of a move: one HTML page to attach to a change request',
  description:
    'Traffic, errors and latency of both homes over time, the runs of crons around the change of duty, every ' +
    'action with its time and every verdict of the gate. The page needs no network. Also of a move under way.',
  args: [
    {
      name: 'APP',
      summary: 'the latest move of an app; also the id of a move',
      required: false,
      complete: 'app',
    },
  ],
  flags: [
    filterFlag,
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      summary: 'where to; - is stdout (default: named after the move)',
    },
  ],
  examples: [
    ['rehome move report account -e test1', 'writes move-account-test1-ID.html'],
    ['rehome move report account -e test1 -o account.html', 'writes account.html'],
  ],
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags, output, cwd } = invocation;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const [word, environment] = [args['APP']?.[0], flags.text('environment')];
  const move = await latestMove(operations, {
    ...(word === undefined ? {} : { word }),
    ...(environment === undefined ? {} : { environment }),
  });
  if (isFailure(move)) return move;
  const file = flags.text('output') ?? defaultFile(move);
  if (file === '-') {
    const page = await reportPage(operations, move);
    if (typeof page !== 'string') return page;
    output.data(page.trimEnd());
    output.document({ move: move.move, page });
    return 0;
  }
  const written = await writeReport(operations, move, file, cwd);
  if (isFailure(written)) return written;
  output.document({ move: move.move, app: move.app, environment: move.environment, file: written });
  output.data(written);
  return 0;
}
