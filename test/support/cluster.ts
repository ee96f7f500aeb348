import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../../src/lab/agent/start-agent.ts';
import { startChronos } from '../../src/lab/chronos/chronos.ts';
import { startMarathon } from '../../src/lab/marathon/marathon.ts';
import { startMesos } from '../../src/lab/mesos/mesos.ts';
import { createOrchestrator } from '../../src/lab/orchestrator/create-orchestrator.ts';
import { openPorts } from '../../src/lab/ports.ts';
import { isFailure } from '../../src/model/failure.ts';
import { boxCatalogue, writeBox } from './box.ts';

/** Marathon and Chronos of the lab in this very process, on a folder and ports of their own. */
export async function startCluster() {
  const root = mkdtempSync(join(tmpdir(), 'rehome-cluster-'));
  writeBox(root);
  const ports = must(await openPorts({ root }));
  const folder = (name: string) => join(root, '.rehome', 'lab', name);
  const agent = must(startAgent({ root, folder: folder('agent'), ports, images: boxCatalogue }));
  const orchestrator = createOrchestrator({
    name: 'marathon:test1',
    folder: folder('orchestrator'),
    agent,
    healthSurvivesRestart: true,
  });
  const common = { agent, cluster: 'test1', port: 0 };
  const marathon = must(await startMarathon({ ...common, orchestrator, folder: folder('marathon') }));
  const chronos = must(await startChronos({ ...common, folder: folder('chronos') }));
  const mesos = must(await startMesos(common));
  orchestrator.start();
  return {
    root,
    settings: { marathon: marathon.url, chronos: chronos.url, mesos: mesos.url },
    async stop() {
      await marathon.close();
      await chronos.close();
      await mesos.close();
      orchestrator.close();
      await agent.stop(0);
      await agent.close();
      await ports.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function must<T>(value: T): Exclude<T, { kind: 'Failure' }> {
  if (isFailure(value)) throw new Error(`${value.code}: ${value.message}`);
  return value as Exclude<T, { kind: 'Failure' }>;
}
