import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edgeFolder } from '../../../src/edges/daemon/discovery.ts';
import { haproxy } from '../../../src/edges/haproxy/haproxy.ts';
import { findProgram } from '../../../src/edges/haproxy/process.ts';
import { isFailure } from '../../../src/model/failure.ts';
import type { EdgeOptions } from './under-test.ts';
import { startWorkspaceEdge, type WorkspaceEdge } from './workspace-edge.ts';

/** Why tests with HAProxy cannot run here; false where they can. */
export function withoutHaproxy(): string | false {
  const program = findProgram('haproxy');
  return isFailure(program) ? `${program.message} ${program.hint}` : false;
}

/** A real HAProxy in a workspace of its own. */
export function startHaproxy(options: EdgeOptions = {}): Promise<WorkspaceEdge> {
  const settings = haproxy.settings.parse({ cohort_cookie: 'uid' });
  return startWorkspaceEdge((context) => haproxy.connect(settings, context), options, haproxyPids);
}

/** The master and its workers. */
export function haproxyPids(root: string): readonly number[] {
  const file = join(edgeFolder(root), 'haproxy', 'test1', 'haproxy.json');
  if (!existsSync(file)) return [];
  const { pid, workers } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; workers: number[] };
  return [pid, ...workers].filter((one) => existsSync(`/proc/${one}`));
}
