import { showAppInfo } from '../app/info.ts';
import { parentOf } from '../app/path.ts';
import type { Marathon } from '../context.ts';

/** A group with what is below it, as far as `embed` asks: `group.groups`, `group.apps`, `group.apps.tasks`… */
export function showGroup(marathon: Marathon, id: string, embeds: ReadonlySet<string>): unknown {
  const { state } = marathon;
  const group = state.groups.get(id);
  const apps = [...state.apps.values()].filter((app) => parentOf(app.id) === id);
  const groups = [...state.groups.keys()].filter((other) => other !== id && parentOf(other) === id);
  const appEmbeds = new Set(
    [...embeds].filter((embed) => embed.startsWith('group.apps.')).map((embed) => embed.slice(11)),
  );
  return {
    id,
    ...(embeds.has('group.apps')
      ? { apps: apps.map((app) => showAppInfo(marathon, app, appEmbeds as never)) }
      : {}),
    ...(embeds.has('group.pods') ? { pods: [] } : {}),
    ...(embeds.has('group.groups') ? { groups: groups.map((one) => showGroup(marathon, one, embeds)) } : {}),
    dependencies: group?.dependencies ?? [],
    version: group?.version ?? state.version,
  };
}
