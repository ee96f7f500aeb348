import type { Api } from '../api.ts';
import { type Json, list, record, text } from '../json.ts';
import { type EventSource, serverEvents } from '../listener.ts';

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

/** Marathon's events; their subjects are ids of apps. */
export function marathonEvents(api: Api): EventSource {
  const path = `/v2/events?${types.map((type) => `event_type=${type}`).join('&')}`;
  return serverEvents(api, path, subjects);
}

function subjects(data: Json): readonly string[] {
  const planned = list(record(data['plan'])['steps'])
    .flatMap((step) => list(step['actions']))
    .map((action) => text(action['app']));
  const apps = [text(data['appId']), text(data['runSpecId']), ...planned];
  return [...new Set(apps.flatMap((app) => app ?? []))];
}
