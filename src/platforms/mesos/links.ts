import type { Clock } from '../../host/host.ts';
import type { Listener } from '../listener.ts';
import type { Chronos } from './chronos.ts';
import type { Marathon } from './marathon.ts';
import type { Sandboxes } from './sandboxes.ts';

/** The servers of one home. */
export interface Links {
  readonly clock: Clock;
  readonly marathon: Marathon;
  readonly chronos: Chronos | undefined;
  readonly sandboxes: Sandboxes | undefined;
  readonly listener: Listener;
  /** Deployments of Marathon that this connection has begun. */
  readonly own: Set<string>;
}
