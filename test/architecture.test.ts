import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/**
 * The walls of the house (docs/architecture.md): a room may import itself and the rooms listed for it.
 * `contracts` are files of a room that others may import for their types only.
 */
const ground = ['model', 'host'];
const parts = ['manifest', 'features', 'rules', 'plan', 'platforms', 'edges', 'notify', 'store', 'report'];
const doing = ['compile', 'process', 'moves'];
const rooms: Readonly<Record<string, readonly string[]>> = {
  model: [],
  host: ['model'],
  ...Object.fromEntries(parts.map((room) => [room, ground])),
  plan: ['model'],
  report: ['model'],
  compile: [...ground, ...parts],
  process: [...ground, ...parts],
  moves: [...ground, ...parts],
  operations: [...ground, ...parts, ...doing],
  'rehome.ts': [...ground, ...parts, ...doing, 'operations'],
  cli: [...ground, ...parts, ...doing, 'operations', 'rehome.ts', 'lab'],
  lab: ground,
};

/** What everybody may import of a room whose plugins only the wiring knows. */
const contracts: Readonly<Record<string, readonly string[]>> = {
  features: ['feature.ts'],
  platforms: ['platform.ts'],
  edges: ['edge.ts', 'address.ts', 'latency.ts'],
  rules: ['rule.ts'],
  notify: ['notifier.ts'],
  store: ['store.ts', 'moves.ts', 'retirements.ts'],
};

/** Rooms of plugins that only the wiring opens: everybody else sees the contract. */
const pluginRooms = ['features', 'platforms', 'edges', 'rules', 'notify', 'store'];

const maxLines = 300;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = globSync('src/**/*.ts');
const imports = files.flatMap(importsOf).filter(({ to }) => to.startsWith('src/'));

test('imports go down, never up or sideways', () => {
  const broken = imports.filter(({ from, to }) => !mayImport(roomOf(from), roomOf(to)));
  assert.deepEqual(broken.map(show), []);
});

test('only the wiring opens the lists of plugins', () => {
  const broken = imports.filter(({ from, to }) => {
    const room = roomOf(to);
    if (!pluginRooms.includes(room) || room === roomOf(from)) return false;
    return roomOf(from) !== 'rehome.ts' && !isContract(to);
  });
  assert.deepEqual(broken.map(show), []);
});

test('a feature never names a platform, nor a platform a feature', () => {
  const names = (room: string) => globSync(`src/${room}/*/`).map((folder) => folder.split('/').at(-1) ?? '');
  const platformNames = names('platforms');
  assert.ok(platformNames.length > 0, 'no platform found');
  for (const file of files.filter((one) => roomOf(one) === 'features' && !one.endsWith('.test.ts'))) {
    const code = withoutComments(readFileSync(file, 'utf8'));
    for (const platform of [...platformNames, 'kubernetes', 'marathon', 'chronos:']) {
      assert.ok(!new RegExp(`['"\`]${platform}['"\`]`).test(code), `${file} names ${platform}`);
    }
  }
});

test('files are short', () => {
  const long = files
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > maxLines);
  assert.deepEqual(long, []);
});

test('the walls were really looked at', () => {
  assert.ok(files.length > 100, `${files.length} files`);
  assert.ok(imports.length > files.length, `${imports.length} imports`);
  assert.ok(imports.some(({ from, to }) => roomOf(from) === 'process' && roomOf(to) === 'model'));
});

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const allowed = rooms[from];
  assert.ok(allowed, `src/${from} is a room that test/architecture.test.ts does not know`);
  return allowed.includes(to);
}

function isContract(file: string): boolean {
  const room = roomOf(file);
  return contracts[room]?.some((name) => file === `src/${room}/${name}`) ?? false;
}

function importsOf(file: string): Import[] {
  if (file.endsWith('.test.ts') || file.includes('/testing/')) return [];
  const text = withoutComments(readFileSync(file, 'utf8'));
  const found = text.matchAll(/(import|export)\s(type\s)?[^;'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g);
  return [...found].map((match) => ({
    from: file,
    to: normalize(join(dirname(file), match[3] ?? match[4] ?? '')),
    typeOnly: match[2] !== undefined,
  }));
}

function roomOf(file: string): string {
  return file.split('/')[1] ?? file;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function show({ from, to }: Import): string {
  return `${from} -> ${to}`;
}
