import type { Command } from '../command.ts';
import { helpOn } from '../help/help-on.ts';

export const command: Command = {
  name: 'help',
  summary: 'tell all about a command',
  args: [
    {
      name: 'COMMAND',
      summary: 'one command or group; without it, the list of all',
      required: false,
      many: true,
      complete: 'command',
    },
  ],
  flags: [],
  examples: [['rehome help deploy', 'what deploy takes and how it ends']],
  run: ({ args, output, commands }) => helpOn(commands, args['COMMAND'] ?? [], output),
};
