import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { RunRequest } from '../../operations/operations.ts';
import { appArgument, whereFlag } from '../arguments/known-flags.ts';
import { shellLine } from '../arguments/shell-line.ts';
import type { Command, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { wouldDo } from '../plans/would-do.ts';
import { marksFor } from '../progress/marks.ts';

export const command: Command = {
  name: 'run',
  summary: 'run a task or a command once in the home of an app',
  description:
    'Runs a task that the manifest names, or what stands after --, in the image and with the environment of the ' +
    'version that is deployed, as a one-off task of the platform. Its output goes to stdout. ' +
    'One word after -- is a shell line, several are one command with its arguments.',
  args: [
    appArgument,
    {
      name: 'TASK',
      summary: 'a task of the manifest, say migration, or the name of a cron',
      required: false,
    },
  ],
  rest: { name: 'CMD', summary: 'a command line', required: false, many: true },
  flags: [whereFlag],
  examples: [
    ['rehome run hcn -e test1 migration', 'runs the migration of hcn'],
    ['rehome run hcn -e test1 -- python /app/hcn/fix.py --all', 'runs a command once'],
  ],
  exits: [70],
  mutates: true,
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { output, flags } = invocation;
  const request = requestFrom(invocation);
  if (isFailure(request)) return request;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const what = `run ${request.task ?? JSON.stringify(request.command)} of ${request.app} in ${request.where}`;
  if (flags.on('dry-run')) return wouldDo(what, { ...request }, output);
  const refused = await confirm(invocation, operations, request.where, what);
  if (refused) return refused;
  const lines: string[] = [];
  const result = await operations.run(
    request,
    (line) => {
      if (output.mode === 'json') lines.push(line);
      output.event({ type: 'log', line });
      output.data(line);
    },
    invocation.signal,
  );
  if (isFailure(result)) return result;
  output.document({ ...request, ...result, lines });
  output.event({ type: 'end', ...request, ...result });
  const marks = marksFor(output.unicode);
  const mark = result.ok ? output.lineStyle.green(marks.done) : output.lineStyle.red(marks.failed);
  output.line(`${mark} ${result.why}`);
  return result.ok ? 0 : 1;
}

function requestFrom({ args, flags }: Invocation): RunRequest | Failure {
  const [task, words] = [args['TASK']?.[0], args['CMD'] ?? []];
  if ((task === undefined) === (words.length === 0)) {
    return fail(
      'usage',
      task === undefined ? 'there is nothing to run' : 'both a task and a command are given',
      {
        expected: 'TASK, or -- CMD',
      },
    );
  }
  const command = words.length === 0 ? undefined : shellLine(words);
  return {
    app: args['APP']?.[0] ?? '',
    where: flags.text('environment') ?? '',
    ...(task === undefined ? {} : { task }),
    ...(command === undefined ? {} : { command }),
  };
}
