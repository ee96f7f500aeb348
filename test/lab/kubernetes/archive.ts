import { createHash } from 'node:crypto';

/** One entry of a tar file. Everything belongs to root; what is not said is 1970 and 0644 or 0755. */
export interface TarEntry {
  /** Without a slash in front. */
  readonly path: string;
  readonly content?: Buffer;
  /** Where a symbolic link leads. */
  readonly link?: string;
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly modified?: number;
}

/** A layer of files: an uncompressed tar. */
export interface Layer {
  readonly digest: string;
  readonly size: number;
  /** Left out where the receiver has the layer already. */
  readonly tar?: Buffer;
}

export interface Image {
  /** Full name with registry and tag. */
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly config: Readonly<Record<string, unknown>>;
}

export function layerOf(entries: readonly TarEntry[]): Layer {
  const tar = tarOf(entries);
  return { digest: digestOf(tar), size: tar.length, tar };
}

/**
 * Images as `docker save` writes them: an OCI layout with docker's own manifest.json beside it, so that `docker load`,
 * `kind load image-archive` and `ctr image import` all take it. The same input gives the same bytes.
 */
export function archiveOf(images: readonly Image[]): Buffer {
  const blobs = new Map<string, Buffer>();
  const keep = (content: Buffer) => {
    const digest = digestOf(content);
    blobs.set(digest, content);
    return { digest, size: content.length };
  };
  const written = images.map((image) => {
    for (const { digest, tar } of image.layers) if (tar) blobs.set(digest, tar);
    const config = keep(json(configOf(image)));
    const manifest = keep(json(manifestOf(image, config)));
    return { image, config, manifest };
  });
  const index = {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: written.map(({ image, manifest }) => ({
      mediaType: types.manifest,
      ...manifest,
      annotations: {
        'io.containerd.image.name': image.name,
        'org.opencontainers.image.ref.name': tagOf(image.name),
      },
    })),
  };
  const docker = written.map(({ image, config }) => ({
    Config: blobPath(config.digest),
    RepoTags: [image.name],
    Layers: image.layers.map(({ digest }) => blobPath(digest)),
  }));
  return tarOf([
    { path: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', content: json(index) },
    { path: 'manifest.json', content: json(docker) },
    ...[...blobs].map(([digest, content]) => ({ path: blobPath(digest), content })),
  ]);
}

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

function configOf({ layers, config }: Image) {
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(() => ({ created_by: 'rehome' })),
  };
}

function manifestOf({ layers }: Image, config: { digest: string; size: number }) {
  return {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, ...config },
    layers: layers.map(({ digest, size }) => ({ mediaType: types.layer, digest, size })),
  };
}

/** A ustar file; longer paths get a pax header in front. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)]);
}

function blocksOf(entry: TarEntry): readonly Buffer[] {
  const { path, content, link } = entry;
  const folder = content === undefined && link === undefined;
  const name = folder && !path.endsWith('/') ? `${path}/` : path;
  const body = content ?? Buffer.alloc(0);
  const mode = entry.mode ?? (folder ? 0o755 : 0o644);
  const type = link !== undefined ? '2' : folder ? '5' : '0';
  const long = [
    ...(Buffer.byteLength(name) > 100 ? [paxLine('path', name)] : []),
    ...(link !== undefined && Buffer.byteLength(link) > 100 ? [paxLine('linkpath', link)] : []),
  ].join('');
  const head = header({
    name,
    link: link ?? '',
    mode,
    type,
    size: body.length,
    modified: entry.modified ?? 0,
  });
  if (long === '') return [head, ...padded(body)];
  const extra = Buffer.from(long);
  const before = header({ name: 'pax', link: '', mode: 0o644, type: 'x', size: extra.length, modified: 0 });
  return [before, ...padded(extra), head, ...padded(body)];
}

interface Header {
  readonly name: string;
  readonly link: string;
  readonly mode: number;
  readonly type: string;
  readonly size: number;
  readonly modified: number;
}

/** One block of 512 bytes, see "ustar Interchange Format" of POSIX' pax. */
function header({ name, link, mode, type, size, modified }: Header): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), at, length - 1, 'latin1');
  block.write(name.slice(0, 100), 0, 100);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(modified, 136, 12);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  block.write(link.slice(0, 100), 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return block;
}

function padded(body: Buffer): readonly Buffer[] {
  const rest = body.length % 512;
  return rest === 0 ? [body] : [body, Buffer.alloc(512 - rest)];
}

/** `LENGTH key=value\n`, where the length counts itself. */
function paxLine(key: string, value: string): string {
  const bare = Buffer.byteLength(` ${key}=${value}\n`);
  let length = bare + String(bare).length;
  if (String(length).length > String(bare).length) length = bare + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
