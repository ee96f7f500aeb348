import { startHaproxy, withoutHaproxy } from '../../../test/suites/edge/haproxy.ts';
import { testEdge } from '../../../test/suites/edge.ts';
import { haproxy } from './haproxy.ts';

testEdge('haproxy', {
  start: startHaproxy,
  resets: false,
  mostTries: 11,
  follows: haproxy.capabilities.follows,
  without: withoutHaproxy(),
});
