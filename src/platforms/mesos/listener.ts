import type { Clock, ServerEvent } from '../../host/host.ts';
import { isFailure } from '../../model/failure.ts';
import type { Api } from '../api.ts';
import { type Json, list, parseJson, record, text } from '../json.ts';

/**
 * Marathon's events, one connection for all who listen in a home. Events are told from the moment of the
 * connection on and nothing is told twice, so whoever listens looks again after every `connected`.
 */
export interface Listener {
  /** Opens the connection where there is none. Returns the way to stop listening. */
  listen(hear: (news: News) => void): () => void;
  /** Changes with everything that is heard of an app and of those beside it (`/hcn-worker`); compare two of them. */
  mark(id: string): string;
  connected(): boolean;
}

export type News =
  | { readonly type: 'connected' }
  /** No events for the time being: look from time to time. */
  | { readonly type: 'lost' }
  | { readonly type: 'event'; readonly name: string; readonly apps: readonly string[]; readonly data: Json };

const types = [
  'status_update_event',
  'health_status_changed_event',
  'instance_health_changed_event',
  'unhealthy_instance_kill_event',
  'app_terminated_event',
  'deployment_success',
  'deployment_failed',
  'deployment_step_success',
];
const againMs = 1_000;
/** Whoever listens from time to time keeps the connection for this long. */
const lingerMs = 10_000;

export function listenerOn(api: Api, clock: Clock): Listener {
  const hearers = new Set<(news: News) => void>();
  const counts = new Map<string, number>();
  let changes = 0;
  let state: 'idle' | 'connecting' | 'connected' = 'idle';
  let lastUse = 0;
  let notBefore = 0;

  function tell(news: News): void {
    if (news.type === 'event') for (const app of news.apps) counts.set(app, (counts.get(app) ?? 0) + 1);
    else changes++;
    for (const hear of hearers) hear(news);
  }

  async function stayConnected(): Promise<void> {
    while (hearers.size > 0) {
      state = 'connecting';
      await connectOnce();
      state = 'idle';
      notBefore = clock.now() + againMs;
      tell({ type: 'lost' });
      if (hearers.size > 0) await clock.sleep(againMs);
    }
  }

  async function connectOnce(): Promise<void> {
    const onOpen = () => {
      state = 'connected';
      tell({ type: 'connected' });
    };
    const query = types.map((type) => `event_type=${type}`).join('&');
    for await (const event of api.events(`/v2/events?${query}`, { onOpen, background: true })) {
      if (isFailure(event)) return;
      if (hearers.size === 0 && clock.now() - lastUse > lingerMs) return;
      tell(newsIn(event));
    }
  }

  function listen(hear: (news: News) => void): () => void {
    hearers.add(hear);
    if (state === 'idle' && hearers.size === 1 && clock.now() >= notBefore) void stayConnected();
    return () => {
      hearers.delete(hear);
      lastUse = clock.now();
    };
  }

  function mark(id: string): string {
    const own = [...counts].filter(([app]) => app === id || app.startsWith(`${id}-`));
    return `${changes} ${own.reduce((sum, [, count]) => sum + count, 0)}`;
  }

  return { listen, mark, connected: () => state === 'connected' };
}

function newsIn(event: ServerEvent): News {
  const data = record(parseJson(event.data));
  const planned = list(record(data['plan'])['steps'])
    .flatMap((step) => list(step['actions']))
    .map((action) => text(action['app']));
  const apps = [text(data['appId']), text(data['runSpecId']), ...planned];
  return { type: 'event', name: event.event, apps: [...new Set(apps.flatMap((app) => app ?? []))], data };
}
