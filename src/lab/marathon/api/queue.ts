import { empty, json, type Reply, type Request } from '../../http/message.ts';
import type { ServiceView } from '../../orchestrator/orchestrator.ts';
import { canonical } from '../app/normalise.ts';
import { showApp } from '../app/show.ts';
import type { Marathon } from '../context.ts';
import { refuse } from '../refusal.ts';
import { time } from '../state.ts';

/** Why an offer was turned down, as Marathon lists the reasons. The lab has one agent that takes everything. */
const reasons = [
  'UnfulfilledRole',
  'UnfulfilledConstraint',
  'NoCorrespondingReservationFound',
  'AgentMaintenance',
  'InsufficientCpus',
  'InsufficientMemory',
  'InsufficientDisk',
  'InsufficientGpus',
  'InsufficientPorts',
  'DeclinedScarceResources',
];

export function listQueue(marathon: Marathon): Reply {
  const services = [...marathon.state.apps.keys()].map((id) => marathon.orchestrator.service(id));
  return json(200, { queue: services.flatMap((service) => showQueued(marathon, service)) });
}

function showQueued(marathon: Marathon, service: ServiceView | undefined): readonly unknown[] {
  const app = service && marathon.state.apps.get(service.key);
  if (!app || !service.queue || service.queue.count === 0) return [];
  const { count, until, since } = service.queue;
  const leftMs = Math.max(0, (until ?? 0) - marathon.now());
  const summary = reasons.map((reason) => ({ reason, declined: 0, processed: 0 }));
  return [
    {
      count,
      role: app.role,
      delay: { timeLeftSeconds: Math.ceil(leftMs / 1000), overdue: leftMs === 0 },
      since: time(since),
      processedOffersSummary: {
        processedOffersCount: 0,
        unusedOffersCount: 0,
        rejectSummaryLastOffers: summary,
        rejectSummaryLaunchAttempt: summary,
      },
      app: showApp(app),
    },
  ];
}

/** Ends the waiting of a crash loop. */
export function resetDelay(marathon: Marathon, request: Request): Reply {
  const id = canonical(request.params['id'] ?? '');
  const queued = marathon.orchestrator.service(id)?.queue;
  if (!queued || !marathon.orchestrator.resetBackoff(id)) {
    const { reply } = refuse(404, `Application ${id} not found in tasks queue.`, []);
    return { ...reply, headers: { 'Content-Type': 'application/octet-stream' } };
  }
  return empty(204);
}
