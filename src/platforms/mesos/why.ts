import { isFailure } from '../../model/failure.ts';
import type { Failures } from '../failures.ts';
import { flag, type Json, list, number, record, text } from '../json.ts';
import type { Links } from './links.ts';
import type { LiveApp } from './marathon.ts';
import type { AppState } from './ready.ts';

interface Waiting {
  readonly id: string;
  readonly live: LiveApp;
  readonly state: AppState;
  readonly failures: Failures;
}

/** Why a rollout is not done, in words: `1 of 2 running; waiting for offers: InsufficientCpus`. */
export async function whyWaiting(links: Links, waiting: Waiting, signal?: AbortSignal): Promise<string> {
  const { live, state, failures } = waiting;
  const wanted = number(live.app['instances']) ?? 0;
  const head = state.hasChecks
    ? `${state.healthy.length} of ${wanted} healthy`
    : `${state.running.length} of ${wanted} running`;
  const missing = state.running.length < wanted;
  const reasons = [
    ...(missing ? await queueReasons(links, waiting, signal) : []),
    ...healthReasons(live.app, state),
    ...(failures.last ? [`last failure: ${failures.last.message}`] : []),
  ];
  const rest = reasons.length > 0 || missing ? [] : restReasons(state);
  return [head, ...reasons, ...rest].join('; ');
}

/** https://mesosphere.github.io/marathon/api-console/ : /v2/queue tells why nothing is started. */
async function queueReasons({ marathon }: Links, { id }: Waiting, signal: AbortSignal | undefined) {
  const queue = await marathon.queue(signal);
  if (isFailure(queue)) return [];
  const entry = queue.find(({ app }) => record(app)['id'] === id);
  if (!entry) return [];
  const delay = record(entry['delay']);
  const seconds = number(delay['timeLeftSeconds']) ?? 0;
  if (flag(delay['overdue']) === false && seconds > 0)
    return [`the next start is held back for ${seconds} s`];
  const reasons = declinedFor(record(entry['processedOffersSummary']));
  return [reasons.length > 0 ? `waiting for offers: ${reasons.join(', ')}` : 'waiting for offers'];
}

function declinedFor(summary: Json): readonly string[] {
  return list(summary['rejectSummaryLastOffers'])
    .filter(({ declined }) => (number(declined) ?? 0) > 0)
    .map(({ reason }) => text(reason) ?? '');
}

function healthReasons(app: Json, { running, healthy }: AppState): readonly string[] {
  const ill = running.filter((task) => !healthy.includes(task)).flatMap(({ checks }) => checks);
  const cause = ill.map((check) => text(check['lastFailureCause'])).find((found) => found !== undefined);
  if (cause === undefined) return [];
  const check = record(list(app['healthChecks'])[0]);
  return [`health check ${text(check['path']) ?? text(check['protocol']) ?? ''} fails: ${cause}`];
}

function restReasons({ old, isDone, hasChecks }: AppState): readonly string[] {
  if (old.length > 0)
    return [`${old.length} old ${old.length === 1 ? 'instance is' : 'instances are'} still there`];
  if (isDone && !hasChecks) return ['watching whether it stays up'];
  return [];
}
