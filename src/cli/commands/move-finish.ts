import { steering } from '../moves/steer.ts';

export const command = steering({
  what: 'finish',
  verb: 'finish',
  summary: 'end the soak of a move now',
  description: 'What is left of the time in which the old home is kept warm is not waited for.',
  examples: [['rehome move finish account -e test1', 'account has moved']],
});
