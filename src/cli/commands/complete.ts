import { isFailure } from '../../model/failure.ts';
import type { Command } from '../command.ts';
import { candidates } from '../completion/candidates.ts';

export const command: Command = {
  name: '__complete',
  summary: 'print the words that could come next',
  description: 'For the scripts of rehome completion: words after --, the last one is to be completed.',
  args: [],
  rest: { name: 'WORDS', summary: 'the command line so far', required: true, many: true },
  flags: [],
  examples: [],
  run: async ({ args, output, commands, open }) => {
    const found = await candidates(commands, args['WORDS'] ?? [], async () => {
      const operations = await open();
      return isFailure(operations) ? undefined : operations;
    });
    for (const { word, summary } of found) output.data(summary === undefined ? word : `${word}\t${summary}`);
    output.document({ candidates: found });
    return 0;
  },
};
