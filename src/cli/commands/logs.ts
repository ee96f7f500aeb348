import { type Failure, isFailure } from '../../model/failure.ts';
import type { LogLine } from '../../platforms/platform.ts';
import { appArgument, whereFlag } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';

export const command: Command = {
  name: 'logs',
  summary: 'print what the instances of an app write',
  args: [appArgument],
  flags: [
    whereFlag,
    { name: 'follow', short: 'f', summary: 'go on until Ctrl-C' },
    { name: 'tail', value: 'N', summary: 'so many lines of each instance to begin with', default: '100' },
  ],
  examples: [
    ['rehome logs hcn -e test1', 'the last lines of every instance'],
    ['rehome logs hcn -e test1 -f --tail 0', 'what they write from now on'],
  ],
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags, output, signal } = invocation;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const lines: LogLine[] = [];
  const query = {
    app: args['APP']?.[0] ?? '',
    where: flags.text('environment') ?? '',
    tail: flags.number('tail') ?? 0,
    follow: flags.on('follow'),
    signal,
  };
  for await (const line of operations.logs(query)) {
    if (isFailure(line)) {
      if (signal.aborted) break;
      return line;
    }
    if (output.mode === 'json') lines.push(line);
    output.event({ type: 'log', ...line });
    output.data(`${output.dataStyle.dim(`${line.source} |`)} ${line.line}`);
  }
  output.document({ lines });
  return 0;
}
