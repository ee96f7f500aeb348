import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Mounting } from './agent.ts';

/**
 * Tries whether the folder of an image can be shown at /app in a mount namespace of its own, which takes root on
 * Linux. The mount point, an empty folder /app, is made where it is missing and stays.
 */
export function probeMounting(root: string): Mounting {
  if (process.platform !== 'linux') return no('only Linux has mount namespaces');
  if (process.getuid?.() !== 0) return no('mounting takes root');
  if (root === '/app' || root.startsWith('/app/')) return no('the workspace itself lies in /app');
  try {
    mkdirSync('/app', { recursive: true });
  } catch (error) {
    return no(`/app cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
  const args = ['--mount', '--propagation', 'private', '/bin/sh', '-c', 'mount --bind . /app'];
  const tried = spawnSync('unshare', args, { cwd: '/tmp', encoding: 'utf8', timeout: 5_000 });
  if (tried.error) return no(`unshare cannot be run: ${tried.error.message}`);
  return tried.status === 0
    ? { works: true }
    : no(`unshare: ${tried.stderr.trim() || `status ${tried.status}`}`);
}

function no(why: string): Mounting {
  return { works: false, why };
}
