import type { AppDefinition } from '../app/definition.ts';

/**
 * The environment that Marathon gives a task beside what the agent adds (HOST, PORT…, MESOS_TASK_ID). The app's own
 * env wins (M:mesos/EnvironmentHelper).
 */
export function taskEnv(app: AppDefinition): Readonly<Record<string, string>> {
  const image = app.container?.docker?.image;
  return {
    MARATHON_APP_ID: app.id,
    MARATHON_APP_VERSION: app.version,
    MARATHON_APP_ENFORCE_GROUP_ROLE: 'false',
    ...(image ? { MARATHON_APP_DOCKER_IMAGE: image } : {}),
    MARATHON_APP_RESOURCE_CPUS: decimal(app.cpus),
    MARATHON_APP_RESOURCE_MEM: decimal(app.mem),
    MARATHON_APP_RESOURCE_DISK: decimal(app.disk),
    MARATHON_APP_RESOURCE_GPUS: `${app.gpus}`,
    ...labelEnv(app.labels),
    ...plain(app.env),
  };
}

/** Secrets are refused before, so that all values are text. */
function plain(env: AppDefinition['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Longer label values do not get into the environment. */
const longestLabel = 512;

function labelEnv(labels: AppDefinition['labels']): Readonly<Record<string, string>> {
  const shown = Object.entries(labels).filter(
    ([key, value]) => key.length <= longestLabel && value.length <= longestLabel,
  );
  const named = shown.map(([key, value]) => [labelName(key), value] as const);
  return {
    MARATHON_APP_LABELS: named.map(([name]) => name).join(' '),
    ...Object.fromEntries(named.map(([name, value]) => [`MARATHON_APP_LABEL_${name}`, value])),
  };
}

/** `HAPROXY_0.vhost` is `HAPROXY_0_VHOST`. */
function labelName(key: string): string {
  return key.replace(/[^a-zA-Z0-9_]+/g, '_').toUpperCase();
}

/** 32 is `32.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}
