import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../../src/lab/agent/start-agent.ts';
import { openPorts } from '../../src/lab/ports.ts';
import { isFailure } from '../../src/model/failure.ts';
import { boxCatalogue, writeBox } from './box.ts';

/** An agent of the lab in this very process, on a folder and ports of its own, with the images of box.ts. */
export async function startBench() {
  const root = mkdtempSync(join(tmpdir(), 'rehome-bench-'));
  writeBox(root);
  const ports = must(await openPorts({ root }));
  const folder = (name: string) => join(root, '.rehome', 'lab', name);
  const agent = must(startAgent({ root, folder: folder('agent'), ports, images: boxCatalogue }));
  return {
    root,
    folder,
    agent,
    async stop() {
      await agent.stop(0);
      await agent.close();
      await ports.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

export function must<T>(value: T): Exclude<T, { kind: 'Failure' }> {
  if (isFailure(value)) throw new Error(`${value.code}: ${value.message}`);
  return value as Exclude<T, { kind: 'Failure' }>;
}
