import type { Carrier, CarrierContext } from '../daemon/site.ts';
import { createProxy } from './proxy.ts';
import { createSite } from './site.ts';

/** Carries traffic in the daemon itself. */
export function embeddedCarrier(context: CarrierContext): Carrier {
  const proxy = createProxy();
  return {
    site: (spec, homes) => createSite(spec, homes, { ...context, proxy }),
    close: async () => {},
  };
}
