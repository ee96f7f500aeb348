import { startLocalApi } from '../../src/lab/local/local-api.ts';
import { must, startBench } from './bench.ts';

/** The supervisor of the lab in this very process. */
export async function startSupervisor() {
  const bench = await startBench();
  const { agent, folder, root } = bench;
  const api = must(
    await startLocalApi({ agent, folder: folder('local'), host: '127.0.0.1', port: 0, info: () => ({}) }),
  );
  return {
    root,
    settings: { api: api.url },
    async stop() {
      await api.close();
      await bench.stop();
    },
  };
}
