import { join } from 'node:path';
import type { Environment, HomeConfig, Workspace } from '../../manifest/workspace.ts';
import { isFailure } from '../../model/failure.ts';
import type { Reference } from '../retirements.ts';
import type { Wired } from '../wired.ts';

/** Every line of the workspace, but for those of the home itself, that still speaks of a home. */
export function referencesTo(
  wired: Pick<Wired, 'workspace' | 'host'>,
  environment: Environment,
  home: HomeConfig,
  own: { readonly from: number; readonly to: number },
): readonly Reference[] {
  const { workspace, host } = wired;
  const left = homesLeft(workspace, environment, home);
  const scripts = host.files.list(workspace.root).filter((name) => /\.(ba)?sh$|^Makefile$/.test(name));
  const mentioned = ['rehome.yaml', ...scripts].flatMap((file) =>
    mentions(wired, file, environment, home, left),
  );
  const elsewhere = mentioned.filter(
    ({ file, line }) => file !== 'rehome.yaml' || line < own.from || line > own.to,
  );
  const manifests = [...new Set(Object.values(workspace.manifests))].sort();
  return [...elsewhere, ...manifests.flatMap((file) => inManifest(wired, file, home, left))];
}

/** All homes of the workspace that stay. */
function homesLeft({ environments }: Workspace, environment: Environment, home: HomeConfig) {
  return Object.values(environments).flatMap(({ name, homes }) =>
    homes.filter((one) => name !== environment.name || one.name !== home.name),
  );
}

/** Lines with `test1.mesos` in them, or with `.mesos` where no environment has such a home any more. */
function mentions(
  wired: Pick<Wired, 'workspace' | 'host'>,
  file: string,
  environment: Environment,
  home: HomeConfig,
  left: readonly HomeConfig[],
): readonly Reference[] {
  const isLast = left.every(({ name }) => name !== home.name);
  const prefix = isLast ? '' : environment.name;
  const what = isLast ? 'no home is called so any more: change it or delete it' : 'change it or delete it';
  return linesWith(wired, file, (line) => hasWord(line, `${prefix}.${home.name}`), what);
}

function inManifest(
  wired: Pick<Wired, 'workspace' | 'host'>,
  file: string,
  { platform }: HomeConfig,
  left: readonly HomeConfig[],
): readonly Reference[] {
  const constant = settled(platform, left);
  const expression = new RegExp(`\\{\\{[^}]*\\b(${constant.join('|')})\\b[^}]*\\}\\}`);
  const spelling = left.some((home) => home.platform === platform) ? undefined : oldSpellings[platform];
  return [
    ...(constant.length > 0
      ? linesWith(
          wired,
          file,
          (line) => expression.test(line),
          'the expression has one value only from now on: write that',
        )
      : []),
    ...(spelling
      ? linesWith(
          wired,
          file,
          (line) => spelling.test(line),
          'a spelling of that platform: rehome upgrade rewrites it',
        )
      : []),
  ].sort((a, b) => a.line - b.line);
}

/** Variables of manifests that told homes apart, and do so no more. */
function settled(platform: string, left: readonly HomeConfig[]): readonly string[] {
  return Object.entries(variables).flatMap(([name, valueIn]) => {
    const values = new Set(left.map((home) => valueIn(home.platform)));
    return values.size <= 1 && !values.has(valueIn(platform)) ? [name] : [];
  });
}

/** See `Manifest`: what the variables say in a home of a platform. */
const variables: Readonly<Record<string, (platform: string) => unknown>> = {
  k8s: (platform) => platform === 'kubernetes',
  mesos: (platform) => platform === 'mesos',
  platform: (platform) => platform,
};

/** Keys of manifests that came from the words of one platform. */
const oldSpellings: Readonly<Record<string, RegExp>> = {
  mesos: /^\s*(- )?(haproxy_\w+|chronos|chronos_tasks)\s*:/,
  kubernetes: /^\s*(- )?(ingress|ingress_\w+)\s*:/,
};

function linesWith(
  { workspace, host }: Pick<Wired, 'workspace' | 'host'>,
  file: string,
  fits: (line: string) => boolean,
  what: string,
): readonly Reference[] {
  const text = host.files.read(join(workspace.root, file));
  if (text === undefined || isFailure(text)) return [];
  return text
    .split('\n')
    .flatMap((line, at) => (fits(line) ? [{ file, line: at + 1, text: line.trim(), what }] : []));
}

/** `test1.mesos` is in `-e test1.mesos`, and not in `test1.mesosphere` or `my-test1.mesos`. */
function hasWord(line: string, word: string): boolean {
  return line.split(word).some((rest, at, parts) => {
    if (at === 0) return false;
    const before = parts[at - 1] ?? '';
    return !/^[\w-]/.test(rest) && (word.startsWith('.') || !/[\w.-]$/.test(before));
  });
}
