import { execFile } from 'node:child_process';
import {
  existsSync,
  globSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Catalogue, findImage } from '../../../src/host/images.ts';
import { archiveOf, type Image, type Layer, layerOf, type TarEntry } from './archive.ts';
import { baseLayer } from './base-layer.ts';
import { cacheFolder, stateFolder, statePaths } from './places.ts';

/** An image by its name as manifests write it, and the folder that holds its content. */
export interface FolderImage {
  readonly name: string;
  readonly folder: string;
}

/** Gives the running lab cluster an image with the content of a folder below /app, by name. */
export async function loadFolderAs(image: string, folder: string): Promise<void> {
  await loadFolders([{ name: image, folder }]);
}

/** Every image that a workspace's catalogue has a folder for. Returns their full names. */
export async function loadCatalogue(root: string, catalogue: Catalogue): Promise<readonly string[]> {
  return loadFolders(imagesOf(root, catalogue));
}

export async function loadFolders(images: readonly FolderImage[]): Promise<readonly string[]> {
  if (images.length === 0) return [];
  const below = await loadBase();
  const wanted = images.map((image) => imageOf(image, below));
  await importImages(wanted);
  return wanted.map(({ name }) => name);
}

/**
 * Once the cluster has the lowest layer, no image needs to bring a copy of its 190 MB. There is one for each Node that
 * asks: a checkout's tests call their own by its path.
 */
export async function loadBase(): Promise<Layer> {
  const note = statePaths(stateFolder()).data(`base${process.execPath.replaceAll('/', '-')}.json`);
  if (existsSync(note)) return JSON.parse(readFileSync(note, 'utf8')) as Layer;
  const base = baseLayer(cacheFolder());
  const name = `docker.io/rehome-lab/base:${base.digest.slice(7, 19)}`;
  await importImages([{ name, layers: [base], config: imageConfig }]);
  const known: Layer = { digest: base.digest, size: base.size };
  writeFileSync(note, JSON.stringify(known));
  return known;
}

/** The same images as a file for other clusters: `kind load image-archive FILE`, `docker load`. */
export function archiveFolders(images: readonly FolderImage[]): Buffer {
  const base = baseLayer(cacheFolder());
  const whole = { digest: base.digest, size: base.size, ...(base.tar ? { tar: base.tar } : {}) };
  return archiveOf(images.map((image) => imageOf(image, whole)));
}

/** What the folders of a workspace's catalogue hold, each by the name that leads to it. */
export function imagesOf(root: string, catalogue: Catalogue): readonly FolderImage[] {
  const found = Object.entries(catalogue).flatMap(([pattern, target]) => {
    const shape = new RegExp(
      `^${target
        .split(/(\{\w+\})/)
        .map(piece)
        .join('')}$`,
    );
    return globSync(target.replace(/\{\w+\}/g, '*'), { cwd: root }).flatMap((path) => {
      const words = shape.exec(path)?.groups ?? {};
      const name = pattern.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
      return name.includes('{') ? [] : [{ name, folder: resolve(root, path) }];
    });
  });
  return found.filter(({ name, folder }) => findImage(catalogue, root, name) === folder);
}

/** `test/box:1` is `docker.io/test/box:1` for a runtime. */
export function fullName(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const path = hasRegistry ? image : `docker.io/${rest.length > 0 ? '' : 'library/'}${image}`;
  return /:[^/]+$/.test(path) ? path : `${path}:latest`;
}

/** Hands archives to containerd and waits until the kubelet's side knows the names. */
export async function importImages(images: readonly Image[]): Promise<void> {
  const file = statePaths(stateFolder()).data(`import-${process.pid}-${performance.now()}.tar`);
  writeFileSync(file, archiveOf(images));
  try {
    await ctr('image', 'import', file);
  } finally {
    rmSync(file, { force: true });
  }
  const deadline = Date.now() + 10_000;
  for (;;) {
    const known = await managedImages();
    const missing = images.filter(({ name }) => !known.has(name));
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new Error(`containerd never showed ${missing[0]?.name} to the kubelet.`);
    await sleep(20);
  }
}

/** Names that containerd's Kubernetes side has taken note of. */
async function managedImages(): Promise<ReadonlySet<string>> {
  const lines = (await ctr('image', 'list')).split('\n').slice(1);
  return new Set(
    lines
      .filter((line) => line.includes('io.cri-containerd.image=managed'))
      .map((line) => line.split(' ')[0] ?? ''),
  );
}

/** containerd's own client, in the kubelet's namespace. */
async function ctr(...args: string[]): Promise<string> {
  const { containerd } = statePaths(stateFolder());
  if (!existsSync(containerd)) throw new Error('The lab cluster does not run: `npm run lab:k8s -- up`.');
  const all = ['--address', containerd, '--namespace', 'k8s.io', ...args];
  return (await promisify(execFile)('ctr', all, { maxBuffer: 2 ** 26 })).stdout;
}

const imageConfig = {
  Env: ['PATH=/app/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', 'HOST=0.0.0.0'],
  Cmd: ['/bin/sh'],
  WorkingDir: '/app',
};

function imageOf({ name, folder }: FolderImage, base: Layer): Image {
  return {
    name: fullName(name),
    layers: [base, layerOf([{ path: 'app' }, ...entriesOf(folder)])],
    config: imageConfig,
  };
}

function entriesOf(folder: string): readonly TarEntry[] {
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  return names.map((name): TarEntry => {
    const from = join(folder, name);
    const path = join('app', relative(folder, from));
    const found = lstatSync(from);
    if (found.isSymbolicLink()) return { path, link: readlinkSync(from), mode: 0o777 };
    if (found.isDirectory()) return { path };
    return { path, content: readFileSync(from), mode: found.mode & 0o111 ? 0o755 : 0o644 };
  });
}

function piece(part: string): string {
  const word = /^\{(\w+)\}$/.exec(part)?.[1];
  return word === undefined ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : `(?<${word}>[^/:@]+)`;
}
