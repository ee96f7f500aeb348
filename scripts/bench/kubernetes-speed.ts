import type { Figure } from './bench.ts';
import { applySpeed } from './kubernetes-apply-speed.ts';
import { rolloutSpeed } from './kubernetes-deploy-speed.ts';
import { openPlace } from './kubernetes-place.ts';
import { statusSpeed } from './kubernetes-status-speed.ts';

/** Everything that is measured on a real apiserver; said and left out where there is none. */
export async function kubernetesSpeed(): Promise<Figure[]> {
  const place = openPlace();
  if ('reason' in place) {
    console.error(`NOT MEASURED: ${place.reason}`);
    return [];
  }
  try {
    return [...(await applySpeed(place)), ...(await statusSpeed(place)), ...(await rolloutSpeed(place))];
  } finally {
    await place.close();
  }
}
