import { changed, type Marks, markLook } from '../changed.ts';
import type { Counters } from '../failures.ts';
import { listenerOn } from '../listener.ts';
import type { ConnectContext, Home } from '../platform.ts';
import { clusterAt } from './api/cluster-at.ts';
import { apply } from './live/apply.ts';
import { doorbell } from './live/doorbell.ts';
import { setDuty } from './live/duty.ts';
import { endpoints } from './live/endpoints.ts';
import { inventory } from './live/inventory.ts';
import { runJob } from './live/jobs.ts';
import type { Live } from './live/live.ts';
import { logs } from './live/logs.ts';
import { observe } from './live/observe.ts';
import { ready } from './live/ready.ts';
import { rehearse } from './live/rehearse.ts';
import { runsSince } from './live/runs.ts';
import { subject } from './live/selectors.ts';
import type { KubernetesSettings } from './settings.ts';

/** A namespace of one cluster. Nothing is read or asked before a method is called. */
export function connect(settings: KubernetesSettings, context: ConnectContext): Home {
  const { host, environment, home } = context;
  const { clock } = host;
  const cluster = clusterAt(settings, context);
  const listener = listenerOn(doorbell(cluster), clock);
  const live: Live = { cluster, clock, listener, target: { environment, home, settings } };
  const marks: Marks = new Map();
  const counters: Counters = new Map();
  return {
    observe: (scope, signal) => observe(cluster, scope, signal),
    apply: (changes, applying) => apply(cluster, settings, changes, applying),
    rehearse: (changes, applying) => rehearse(cluster, settings, changes, applying),
    ready(app, looking) {
      markLook(live, marks, subject(app.name));
      return ready({ ...live, counters }, app, looking);
    },
    changed: (app, atMostMs, signal) => changed(live, marks, subject(app), atMostMs, signal),
    runJob: (job, run) => runJob(live, job, run),
    setDuty: (app, duty, signal) => setDuty(live, app, duty, signal),
    runsSince: (app, sinceMs, signal) => runsSince(live, app, sinceMs, signal),
    inventory: (signal) => inventory(live, signal),
    endpoints: (app, signal) => endpoints(live, app, signal),
    logs: (query) => logs(live, query),
  };
}
