import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Failure, fail } from '../model/failure.ts';

/** Image name patterns to folder patterns: `"anna-repo/{app}:{version}": "images/{app}/{version}"`. */
export type Catalogue = Readonly<Record<string, string>>;

/**
 * Folder of an image: the first pattern that fits the whole name and whose folder exists. A `{word}` stands for
 * one piece of a name, without `/`, `:` and `@`. Relative folders start at `root`.
 * Failure: `missing-image`.
 */
export function findImage(catalogue: Catalogue, root: string, name: string): string | Failure {
  const tried: string[] = [];
  for (const [pattern, target] of Object.entries(catalogue)) {
    const values = matchImage(pattern, name);
    if (!values) continue;
    const folder = resolve(root, fill(target, values));
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
    tried.push(folder);
  }
  if (tried.length > 0) {
    return fail('missing-image', `The folder of image ${name} does not exist: ${tried.join(', ')}.`);
  }
  return fail('missing-image', `No pattern of the image catalogue fits ${name}.`, {
    expected: Object.keys(catalogue).join(', ') || 'images: in rehome.yaml',
  });
}

function matchImage(pattern: string, name: string): Readonly<Record<string, string>> | undefined {
  const source = pattern
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? '([^/:@]+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  const found = new RegExp(`^${source}$`).exec(name);
  if (!found) return undefined;
  const words = [...pattern.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const values = words.map((word, index) => [word, found[index + 1] ?? ''] as const);
  // an image must not lead out of the folders that the catalogue means
  return values.some(([, value]) => value === '.' || value === '..') ? undefined : Object.fromEntries(values);
}

function fill(target: string, values: Readonly<Record<string, string>>): string {
  return target.replace(/\{(\w+)\}/g, (whole, word: string) => values[word] ?? whole);
}
