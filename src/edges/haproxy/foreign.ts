import type { Host } from '../../host/host.ts';
import { fail, isFailure } from '../../model/failure.ts';
import { askMaster } from './master.ts';
import { parseWorkers } from './parse.ts';
import type { HaproxyProcess } from './process.ts';
import { runtimeApi } from './runtime-api.ts';

/**
 * An HAProxy that others run: rehome only has it reloaded, and stops nothing. It counts as alive always, and what
 * does not answer is told by whoever asks.
 */
export function foreignProcess(
  host: Host,
  { reload, master }: { readonly reload: string; readonly master: string | undefined },
): HaproxyProcess {
  let said = '';
  const again = async () => {
    const exit = await host.processes.run(reload, { timeoutMs: 30_000 });
    said = exit.tail.join('\n');
    if (exit.code === 0) return undefined;
    return fail('edge-not-running', `HAProxy could not be reloaded: ${reload}.`, {
      found: exit.timedOut ? 'it does not end' : `exit code ${exit.code ?? exit.signal}`,
      details: said,
    });
  };
  return {
    alive: () => true,
    start: again,
    reload: again,
    async workers() {
      if (!master) return undefined;
      const text = await askMaster(
        host,
        () => master,
        'show proc',
        () => true,
      );
      return isFailure(text) ? text : parseWorkers(text);
    },
    worker: (pid) => runtimeApi(() => master ?? '', `@!${pid} `),
    complaints: () => said,
    stop: async () => {},
  };
}
