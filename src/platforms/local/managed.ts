import type { NativeObject } from '../../model/native.ts';
import { type Json, record, same } from '../json.ts';
import { stampsInLabels } from '../labels.ts';
import { remembered } from '../remarks.ts';
import { cronKind } from './names.ts';

const shared = ['image', 'command', 'args', 'env', 'resources', 'killGraceMs'] as const;
const ofService = [...shared, 'instances', 'ports', 'health', 'rollout', 'backoff', 'drainMs'] as const;
const ofCron = [...shared, 'schedule', 'concurrent', 'retries', 'retryDelayMs'] as const;

/** What the supervisor fills in where compile says nothing; anything else was put there by somebody. */
const serviceDefaults: Json = { backoff: { delayMs: 1_000, factor: 1.5, maxMs: 60_000 }, drainMs: 5_000 };
const cronDefaults: Json = { killGraceMs: 10_000, retryDelayMs: 5_000 };

/** See `Platform.managed`. */
export function managed(live: NativeObject): NativeObject {
  const [fields, defaults] = live.kind === cronKind ? [ofCron, cronDefaults] : [ofService, serviceDefaults];
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = field === 'rollout' ? strategyOf(live.body) : live.body[field];
    if (value !== undefined && !same(value, defaults[field])) body[field] = value;
  }
  if (body['health']) body['health'] = healthOf(record(body['health']));
  const remarks = { ...live.remarks, ...stampsInLabels(live.body['labels']) };
  const secrets = Object.entries(remembered(remarks).secrets).map(([name, ref]) => [`env.${name}`, ref]);
  return {
    kind: live.kind,
    id: live.id,
    body,
    ...(Object.keys(remarks).length > 0 ? { remarks } : {}),
    ...(secrets.length > 0 ? { secrets: Object.fromEntries(secrets) } : {}),
  };
}

/** A live service shows the rollout that goes on under this name, and what it was told as its strategy. */
function strategyOf(body: Json): unknown {
  return body['strategy'] ?? body['rollout'];
}

/** The first port is always meant, and a check by TCP asks for no path. */
function healthOf({ portIndex, path, ...check }: Json): Json {
  return {
    ...check,
    ...(portIndex === 0 || portIndex === undefined ? {} : { portIndex }),
    ...(path === undefined || check['protocol'] === 'tcp' ? {} : { path }),
  };
}
