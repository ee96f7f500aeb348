import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { portRanges, preferredBlock } from '../../host/ports.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { AddressBlock } from '../edge.ts';
import { type Discovery, discoverySchema, type EdgeState, parse, stateSchema } from './protocol.ts';

/** Folder of the edge in a workspace. */
export function edgeFolder(root: string): string {
  return join(root, '.rehome', 'edge');
}

export function discoveryFile(folder: string): string {
  return join(folder, 'edge.json');
}

export function stateFile(folder: string): string {
  return join(folder, 'fronts.json');
}

/** The running edge, or undefined without one. Failure: `file-unusable`. */
export function findEdge(host: Host, folder: string): Discovery | undefined | Failure {
  const found = readJson(host, discoveryFile(folder), discoverySchema);
  if (found === undefined || isFailure(found)) return found;
  return host.processes.alive(found.pid, found.processStart) ? found : undefined;
}

/** What an edge wrote down, or undefined before its first run. Failure: `file-unusable`. */
export function readState(host: Host, folder: string): EdgeState | undefined | Failure {
  return readJson(host, stateFile(folder), stateSchema);
}

/**
 * The ports that a workspace chooses its addresses from: the block that its edge holds, the one it held last, or
 * before its first run, the one it will ask for. Failure: `file-unusable`.
 */
export function edgeBlock(host: Host, root: string): AddressBlock | Failure {
  const state = readState(host, edgeFolder(root));
  if (isFailure(state)) return state;
  return state?.block ?? { first: preferredBlock(portRanges.edge, root), size: portRanges.edge.size };
}

function readJson<T>(host: Host, path: string, schema: Parameters<typeof parse<T>>[0]) {
  const text = host.files.read(path);
  if (text === undefined || isFailure(text)) return text;
  try {
    const value = parse(schema, JSON.parse(text), path);
    return isFailure(value) ? unreadable(path, value.message) : value;
  } catch (error) {
    return unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(path: string, found: string): Failure {
  const hint = 'stop the edge, remove the file, and deploy again: the fronts are made anew';
  return fail('file-unusable', `${path} is damaged.`, { found, hint });
}
