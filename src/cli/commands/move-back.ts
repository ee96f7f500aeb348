import { steering } from '../moves/steer.ts';

export const command = steering({
  what: 'back',
  verb: 'take back',
  summary: 'take an app home again, from anywhere on the way of a move',
  description:
    'The old home gets all of the traffic at once, then the crons; the new one is dark after that. It takes ' +
    'seconds as long as the old home is warm.',
  examples: [['rehome move back account -e test1', 'account lives where it did before the move']],
});
