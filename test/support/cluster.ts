import { startChronos } from '../../src/lab/chronos/chronos.ts';
import { startMarathon } from '../../src/lab/marathon/marathon.ts';
import { startMesos } from '../../src/lab/mesos/mesos.ts';
import { createOrchestrator } from '../../src/lab/orchestrator/create-orchestrator.ts';
import { must, startBench } from './bench.ts';

/** Marathon, Chronos and Mesos of the lab in this very process. */
export async function startCluster() {
  const bench = await startBench();
  const { agent, folder } = bench;
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
    root: bench.root,
    settings: { marathon: marathon.url, chronos: chronos.url, mesos: mesos.url },
    async stop() {
      await marathon.close();
      await chronos.close();
      await mesos.close();
      orchestrator.close();
      await bench.stop();
    },
  };
}
