import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseAddress } from '../../../src/edges/address.ts';
import { type EdgeStatus, edgeDown, edgeUp } from '../../../src/edges/daemon/control.ts';
import { edgeFolder } from '../../../src/edges/daemon/discovery.ts';
import { embedded } from '../../../src/edges/embedded/embedded.ts';
import { realHost } from '../../../src/host/real.ts';
import { type EdgeOptions, type EdgeUnderTest, good, until } from './under-test.ts';

export interface EmbeddedUnderTest extends EdgeUnderTest {
  readonly root: string;
  status(): EdgeStatus;
}

/** The embedded edge in a workspace of its own. */
export async function startEmbedded(options: EdgeOptions = {}): Promise<EmbeddedUnderTest> {
  const host = realHost();
  const root = mkdtempSync(join(tmpdir(), 'rehome-edge-'));
  const daemon = join(import.meta.dirname, 'daemon.ts');
  const argv = [process.execPath, daemon, root, ...(options.homeUrl ? [options.homeUrl] : [])];
  const up = async () => good(await edgeUp({ host, root, argv })) as EdgeStatus;
  let status = await up();
  const taken: number[] = [];
  return {
    root,
    status: () => status,
    edge: embedded.connect(
      { cohort_cookie: 'uid' },
      { host, environment: 'test1', folder: edgeFolder(root) },
    ),
    address() {
      const address = good(chooseAddress('test1', `app-${taken.length}`, taken, status.block));
      taken.push(address.port);
      return address;
    },
    pids: () => [status.pid],
    async restart() {
      process.kill(status.pid, 'SIGKILL');
      await until('the edge is gone', () => !host.processes.alive(status.pid, status.processStart));
      status = await up();
    },
    async stop() {
      good(await edgeDown({ host, root }));
      const log = readFileSync(join(edgeFolder(root), 'edge.log'), 'utf8');
      rmSync(root, { recursive: true });
      assert.doesNotMatch(log, /fault|^ +at /m, 'the edge met a fault of its own');
    },
  };
}
