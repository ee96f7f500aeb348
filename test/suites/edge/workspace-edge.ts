import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAddress } from '../../../src/edges/address.ts';
import { type EdgeStatus, edgeDown, edgeUp } from '../../../src/edges/daemon/control.ts';
import { edgeFolder } from '../../../src/edges/daemon/discovery.ts';
import type { Edge, EdgeContext } from '../../../src/edges/edge.ts';
import { realHost } from '../../../src/host/real.ts';
import { type EdgeOptions, type EdgeUnderTest, good, until } from './under-test.ts';

export interface WorkspaceEdge extends EdgeUnderTest {
  readonly root: string;
  status(): EdgeStatus;
  /** Kills the daemon alone, without notice, and starts it again. */
  restartDaemon(): Promise<void>;
}

/**
 * An edge in the daemon of a workspace of its own.
 * @param more processes that carry its traffic beside the daemon, now
 */
export async function startWorkspaceEdge(
  connect: (context: EdgeContext) => Edge,
  options: EdgeOptions = {},
  more: (root: string) => readonly number[] = () => [],
): Promise<WorkspaceEdge> {
  const host = realHost();
  const root = mkdtempSync(join(options.folder ?? tmpdir(), 'rehome-edge-'));
  const daemon = join(import.meta.dirname, 'daemon.ts');
  const argv = [process.execPath, daemon, root, ...(options.homeUrl ? [options.homeUrl] : [])];
  const up = async () => good(await edgeUp({ host, root, argv })) as EdgeStatus;
  let status = await up();
  const taken: number[] = [];
  const kill = async (pids: readonly number[]) => {
    // Those whose master is gone may have ended by themselves.
    for (const pid of pids) if (host.processes.alive(pid)) process.kill(pid, 'SIGKILL');
    await until('the edge is gone', () => pids.every((pid) => !host.processes.alive(pid)));
    status = await up();
  };
  return {
    root,
    status: () => status,
    edge: connect({ host, environment: 'test1', folder: edgeFolder(root) }),
    address() {
      const address = good(chooseAddress('test1', `app-${taken.length}`, taken, status.block));
      taken.push(address.port);
      return address;
    },
    pids: () => [status.pid, ...more(root)],
    restart: () => kill([status.pid, ...more(root)]),
    restartDaemon: () => kill([status.pid]),
    async stop() {
      good(await edgeDown({ host, root }));
      const log = readFileSync(join(edgeFolder(root), 'edge.log'), 'utf8');
      rmSync(root, { recursive: true });
      assert.doesNotMatch(log, /fault|^ +at /m, 'the edge met a fault of its own');
    },
  };
}
