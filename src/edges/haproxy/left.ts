import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { folderOf, placeIn } from './place.ts';
import { ownProcess } from './process.ts';

const stopMs = 5_000;

/** Stops what a daemon that was killed left running: nobody else would. */
export async function endLeftHaproxies(host: Host, edgeFolder: string): Promise<undefined> {
  for (const environment of host.files.list(join(edgeFolder, 'haproxy'))) {
    const folder = folderOf(edgeFolder, environment);
    if (!host.files.exists(join(folder, 'haproxy.json'))) continue;
    await ownProcess(host, placeIn(folder), 'haproxy').stop(stopMs);
  }
  return undefined;
}
