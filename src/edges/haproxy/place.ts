import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** The kernel takes names of sockets of at most 107 characters; HAProxy adds some while it renames. */
const longest = 90;

/** The files of one HAProxy. */
export interface Place {
  readonly folder: string;
  readonly config: string;
  readonly map: string;
  readonly lua: string;
  readonly stdout: string;
  /** Which process it is. */
  readonly process: string;
  /** Counts of processes that have ended. */
  readonly counts: string;
  /** A path that connects to a socket of the folder, however deep the folder is. */
  socket(name: 'admin.sock' | 'master.sock' | 'log.sock'): string;
}

export function placeIn(folder: string): Place {
  mkdirSync(folder, { recursive: true });
  let opened: number | undefined;
  return {
    folder,
    config: join(folder, 'haproxy.cfg'),
    map: join(folder, 'shares.map'),
    lua: join(folder, 'rehome.lua'),
    stdout: join(folder, 'haproxy.log'),
    process: join(folder, 'haproxy.json'),
    counts: join(folder, 'counts.json'),
    socket(name) {
      const path = join(folder, name);
      if (path.length <= longest) return path;
      opened ??= openSync(folder, 'r');
      return `/proc/self/fd/${opened}/${name}`;
    },
  };
}

/** Folder of the HAProxy of one environment, in the folder of the edge. */
export function folderOf(edgeFolder: string, environment: string): string {
  return join(edgeFolder, 'haproxy', environment);
}
