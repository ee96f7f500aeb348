import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { unbuilt } from '../test/lab/kubernetes/build.ts';
import { lacks } from '../test/lab/kubernetes/machine.ts';
import { seemsUp } from '../test/lab/kubernetes/status.ts';
import { up } from '../test/lab/kubernetes/up.ts';
import { leave } from '../test/lab/kubernetes/users.ts';

/**
 * Sees to it that the lab's Kubernetes runs as long as this run does, if one of the test files wants a cluster and
 * REHOME_TEST_KUBECONFIG names none. Where this machine cannot, nothing happens: the tests themselves say why.
 * @returns what to do at the end; a cluster that others use, or that a person started, runs on
 */
export async function startTestCluster(files: readonly string[]): Promise<() => Promise<void>> {
  const nothing = async () => {};
  if (process.env['REHOME_TEST_KUBECONFIG'] || !files.some(wantsCluster)) return nothing;
  if (lacks().length > 0 || unbuilt().length > 0) return nothing;
  if (!seemsUp()) console.log('Starting a Kubernetes for this run (`npm run lab:k8s -- up` keeps one) …');
  try {
    await up({ user: 'process' });
    return leave;
  } catch (error) {
    console.log((error as Error).message);
    return nothing;
  }
}

const door = resolve(import.meta.dirname, '../test/support/kubernetes.ts');

/** Whether a file leads to test/support/kubernetes.ts by its imports. */
export function wantsCluster(file: string): boolean {
  const seen = new Set<string>();
  const open = [resolve(file)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (path === door) return true;
    if (seen.has(path) || !path.endsWith('.ts') || !existsSync(path)) continue;
    seen.add(path);
    for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(
      /from '(\.[^']+)'|import\('(\.[^']+)'\)/g,
    )) {
      open.push(resolve(dirname(path), target));
    }
  }
  return false;
}
