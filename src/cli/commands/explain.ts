import { errors } from '../../model/errors.ts';
import { fail } from '../../model/failure.ts';
import { nearest } from '../../model/nearest.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../help/command-help.ts';

const codes = Object.keys(errors);

export const command: Command = {
  name: 'explain',
  summary: 'explain the code of an error or a note',
  description: 'Codes stand in brackets at the end of a message. They are permanent: scripts may match them.',
  args: [{ name: 'CODE', summary: 'say lock-held', required: true, complete: codes }],
  flags: [],
  examples: [['rehome explain lock-held', 'what it means, what to do, and which exit code goes with it']],
  run: async ({ args, output }) => {
    const code = args['CODE']?.[0] ?? '';
    const known = Object.entries(errors).find(([name]) => name === code)?.[1];
    if (!known) return unknown(code);
    const hint = 'hint' in known ? known.hint : undefined;
    output.document({ code, ...known });
    output.data(
      [
        `${output.dataStyle.bold(code)}: ${known.title}.`,
        ...(hint ? [`  what to do: ${hint}`] : []),
        `  exit code:  ${known.exit}, ${exitCodes[known.exit]}`,
      ].join('\n'),
    );
    return 0;
  },
};

function unknown(code: string) {
  const near = nearest(code, codes);
  return fail(
    'usage',
    `no error or note has the code ${JSON.stringify(code)}${near ? `; did you mean ${near}?` : ''}`,
    {
      found: code,
      expected: near ?? 'a code out of brackets, say lock-held',
    },
  );
}
