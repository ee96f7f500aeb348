import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Layer, layerOf, type TarEntry } from './archive.ts';
import { withSystem } from './processes.ts';

/**
 * The lowest layer of every image: this machine's Node, Python, shell and the few commands that tests use, with the
 * libraries they ask for. It is kept in `cache` for as long as these files stay as they are.
 */
export function baseLayer(cache: string): Layer {
  const files = collect();
  const key = createHash('sha256').update(files.map(fingerprint).join('\n')).digest('hex').slice(0, 16);
  const [tar, note] = [join(cache, `base-${key}.tar`), join(cache, `base-${key}.json`)];
  if (existsSync(note) && existsSync(tar)) {
    const known = JSON.parse(readFileSync(note, 'utf8')) as { digest: string; size: number };
    return lazily(known.digest, known.size, tar);
  }
  const layer = layerOf([...skeleton(), ...files.map(entryOf)]);
  mkdirSync(cache, { recursive: true });
  forgetUnused(cache);
  writeWhole(tar, layer.tar ?? Buffer.alloc(0));
  writeWhole(note, JSON.stringify({ digest: layer.digest, size: layer.size }));
  return layer;
}

/** Other checkouts have layers of their own here, and may be reading them now. */
function forgetUnused(cache: string): void {
  const weekAgo = Date.now() - 7 * 24 * 3_600_000;
  for (const old of globSync(join(cache, 'base-*'))) {
    if (statSync(old).mtimeMs < weekAgo) rmSync(old, { force: true });
  }
}

/** Mostly nobody wants the 200 MB themselves. */
function lazily(digest: string, size: number, path: string): Layer {
  return {
    digest,
    size,
    get tar() {
      return readFileSync(path);
    },
  };
}

const commands = [
  ...[
    'sh',
    'sleep',
    'seq',
    'echo',
    'cat',
    'env',
    'ls',
    'mkdir',
    'date',
    'true',
    'false',
    'touch',
    'rm',
    'rmdir',
  ],
  ...[
    'mv',
    'cp',
    'ln',
    'head',
    'tail',
    'wc',
    'sort',
    'tr',
    'cut',
    'id',
    'dirname',
    'basename',
    'readlink',
    'test',
  ],
  ...[
    'sed',
    'grep',
    'kill',
    'hostname',
    'getent',
    'curl',
    'timeout',
    'tee',
    'printf',
    'expr',
    'uname',
    'stat',
    'dd',
  ],
];

/** Paths of this machine that go into the layer, each a file or a symbolic link. */
function collect(): readonly string[] {
  const found = new Set<string>();
  const python = interpreter();
  const programs = [process.execPath, python.program, ...commands.flatMap((name) => which(name) ?? [])];
  const modules = [...standardLibrary(python.library)];
  const compiled = modules.filter((path) => path.endsWith('.so'));
  for (const path of programs) addWithLinks(found, path);
  for (const path of modules) found.add(path);
  for (const path of librariesOf([...programs, ...compiled])) addWithLinks(found, path);
  return [...found].sort();
}

/** The Python that a plain system would run; a version manager's stand-ins are asked for the real one. */
function interpreter(): { readonly program: string; readonly library: string } {
  const command = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const script = 'import sys, sysconfig; print(sys.executable); print(sysconfig.get_path("stdlib"))';
  const [program = '', library = ''] = execFileSync(command, ['-c', script], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return { program: realpathSync(program), library };
}

const unneeded =
  /^(test|tests|idlelib|tkinter|lib2to3|ensurepip|turtledemo|pydoc_data|site-packages|dist-packages|config-.*)$/;

function* standardLibrary(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!unneeded.test(entry.name)) yield* standardLibrary(path);
    } else if (entry.isFile() || (entry.isSymbolicLink() && existsSync(path))) {
      yield path;
    }
  }
}

/** A link and whatever it leads to, both under the names that they have without links of folders. */
function addWithLinks(found: Set<string>, path: string): void {
  const own = join(realpathSync(dirname(path)), basename(path));
  if (found.has(own)) return;
  found.add(own);
  if (lstatSync(own).isSymbolicLink()) addWithLinks(found, resolve(dirname(own), readlinkSync(own)));
}

function librariesOf(binaries: readonly string[]): readonly string[] {
  const real = binaries.map((path) => realpathSync(path));
  let text = '';
  try {
    text = execFileSync('ldd', real, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 24,
    });
  } catch (error) {
    text = String((error as { stdout?: unknown }).stdout ?? ''); // one of them is static
  }
  const named = [...text.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map(([, path = '']) => path);
  return [...new Set(named)].filter((path) => existsSync(path));
}

function which(name: string): string | undefined {
  const folders = withSystem('/usr/bin:/bin').split(':');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function fingerprint(path: string): string {
  const { size, mtimeMs, mode } = lstatSync(path);
  return `${path} ${size} ${mtimeMs} ${mode}`;
}

function entryOf(path: string): TarEntry {
  const found = lstatSync(path);
  const common = { path: path.slice(1), modified: Math.floor(found.mtimeMs / 1_000) };
  if (found.isSymbolicLink()) return { ...common, link: readlinkSync(path), mode: 0o777 };
  return { ...common, content: readFileSync(path), mode: statSync(path).mode & 0o755 };
}

/** What is not a copy: folders, links of this machine's root, and the users. */
function skeleton(): readonly TarEntry[] {
  const merged = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name): TarEntry[] =>
    lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink()
      ? [{ path: name, link: readlinkSync(`/${name}`), mode: 0o777 }]
      : [],
  );
  const python = interpreter().program;
  const users = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/sh\n';
  return [
    ...[
      'usr',
      'usr/bin',
      'usr/sbin',
      'usr/lib',
      'usr/lib64',
      'usr/local',
      'usr/local/bin',
      'etc',
      'root',
      'var',
    ].map((path) => ({ path })),
    ...merged,
    { path: 'tmp', mode: 0o1777 },
    { path: 'etc/passwd', content: Buffer.from(users) },
    { path: 'etc/group', content: Buffer.from('root:x:0:\nnogroup:x:65534:\n') },
    { path: 'etc/nsswitch.conf', content: Buffer.from('hosts: files dns\n') },
    ...['python', 'python3'].map((name) => ({ path: `usr/local/bin/${name}`, link: python, mode: 0o777 })),
    { path: 'usr/local/bin/node', link: process.execPath, mode: 0o777 },
  ];
}

function writeWhole(path: string, content: string | Buffer): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
