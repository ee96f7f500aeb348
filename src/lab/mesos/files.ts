import * as fs from 'node:fs';
import { basename, join, sep } from 'node:path';
import { json, type Reply, type Request, text } from '../http/message.ts';
import { type Cluster, tasksOf } from './state.ts';

/** A read is cut to so many bytes, as in Mesos (16 pages). */
const longestRead = 16 * 4096;

/**
 * `GET /files/read?path=&offset=&length=` gives `{data, offset}`; without an offset, or with -1, no data and the size
 * of the file as offset.
 */
export function readFile(cluster: Cluster, { query }: Request): Reply {
  const found = findFile(cluster, query);
  if ('refusal' in found) return found.refusal;
  if (!found.stat.isFile()) return text(400, 'Cannot read a directory.\n');
  const offset = numberOf(query, 'offset');
  const length = numberOf(query, 'length');
  if (offset === undefined || length === undefined) return text(400, 'Failed to parse offset or length.\n');
  if (offset < -1) return text(400, `Negative offset provided: ${offset}.\n`);
  if (length < -1) return text(400, `Negative length provided: ${length}.\n`);
  const { size } = found.stat;
  if (offset === -1 || offset >= size) return json(200, { data: '', offset: size });
  const wanted = Math.min(length === -1 ? size - offset : length, longestRead);
  return json(200, { data: readText(found.path, offset, wanted), offset });
}

/** `GET /files/browse?path=`: what is in a folder. */
export function browse(cluster: Cluster, { query }: Request): Reply {
  const found = findFile(cluster, query);
  if ('refusal' in found) return found.refusal;
  if (!found.stat.isDirectory()) return text(404, '');
  const names = fs.readdirSync(found.path).filter((name) => !isHidden(name));
  return json(
    200,
    names.sort().flatMap((name) => describe(join(found.asked, name), join(found.path, name))),
  );
}

/** `GET /files/download?path=`. */
export function download(cluster: Cluster, { query }: Request): Reply {
  const found = findFile(cluster, query);
  if ('refusal' in found) return found.refusal;
  if (!found.stat.isFile()) return text(400, 'Cannot download a directory.\n');
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${encodeURIComponent(basename(found.path))}"`,
    },
    body: fs.readFileSync(found.path),
  };
}

type Found =
  | { readonly asked: string; readonly path: string; readonly stat: fs.Stats }
  | { readonly refusal: Reply };

/** A path within the sandbox of a task of this cluster, links followed; anything else does not exist. */
function findFile(cluster: Cluster, query: URLSearchParams): Found {
  const asked = query.get('path');
  if (!asked) return { refusal: text(400, "Expecting 'path=value' in query.\n") };
  const path = realPath(asked);
  const sandboxes = tasksOf(cluster).flatMap((task) => realPath(task.sandbox) ?? []);
  const sandbox = sandboxes.find((one) => path === one || path?.startsWith(one + sep));
  if (path === undefined || sandbox === undefined) return { refusal: text(404, '') };
  if (path.slice(sandbox.length).split(sep).some(isHidden)) return { refusal: text(404, '') };
  return { asked, path, stat: fs.statSync(path) };
}

/** The agent's own files begin with a dot. */
function isHidden(name: string): boolean {
  return name.startsWith('.');
}

function realPath(path: string): string | undefined {
  try {
    return fs.realpathSync(path);
  } catch {
    return undefined;
  }
}

/** -1 where it is absent; undefined where it is no whole number. */
function numberOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return -1;
  return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** Bytes as text. A character that the end would cut in two is left for the next read. */
function readText(path: string, offset: number, length: number): string {
  const file = fs.openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const got = buffer.subarray(0, fs.readSync(file, buffer, 0, length, offset));
    const whole = got.subarray(0, got.length - cutAtEnd(got));
    return (whole.length > 0 ? whole : got).toString('utf8');
  } finally {
    fs.closeSync(file);
  }
}

/** How many bytes at the end begin a character of UTF-8 that is not whole. */
function cutAtEnd(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}

function describe(asked: string, path: string): readonly unknown[] {
  try {
    const stat = fs.statSync(path);
    const { gid, uid, nlink, size } = stat;
    return [
      {
        gid: `${gid}`,
        mode: modeOf(stat),
        mtime: stat.mtimeMs / 1000,
        nlink,
        path: asked,
        size,
        uid: `${uid}`,
      },
    ];
  } catch {
    return [];
  }
}

/** `-rw-r--r--`. */
function modeOf(stat: fs.Stats): string {
  const letters = [...'rwxrwxrwx'].map((letter, index) => (stat.mode & (0o400 >> index) ? letter : '-'));
  return (stat.isDirectory() ? 'd' : '-') + letters.join('');
}
