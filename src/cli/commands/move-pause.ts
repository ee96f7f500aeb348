import { steering } from '../moves/steer.ts';

export const command = steering({
  what: 'pause',
  verb: 'pause',
  summary: 'let a move go no further',
  description: 'The shares stay as they are, and the gate goes on looking: a failed one still takes it back.',
  examples: [['rehome move pause account -e test1', 'account stays at the share it has']],
});
