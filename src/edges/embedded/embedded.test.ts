import { startEmbedded } from '../../../test/suites/edge/embedded.ts';
import { testEdge } from '../../../test/suites/edge.ts';
import { embedded } from './embedded.ts';

testEdge('embedded', {
  start: startEmbedded,
  follows: embedded.capabilities.follows,
  resets: true,
  mostTries: 5,
});
