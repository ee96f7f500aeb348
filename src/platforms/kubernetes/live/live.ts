import type { Clock } from '../../../host/host.ts';
import type { Listener } from '../../listener.ts';
import type { Target } from '../../platform.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesSettings } from '../settings.ts';

/** What every part of a home has at hand. */
export interface Live {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly listener: Listener;
  readonly target: Target<KubernetesSettings>;
}
