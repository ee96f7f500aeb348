import { embeddedCarrier } from '../../../src/edges/embedded/carrier.ts';
import { haproxyCarrier } from '../../../src/edges/haproxy/carrier.ts';

/** What the daemon of the tests carries traffic with. */
export const carriers = { embedded: embeddedCarrier, haproxy: haproxyCarrier };
