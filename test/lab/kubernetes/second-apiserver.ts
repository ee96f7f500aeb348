import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openApi } from './api.ts';
import { apiserverCommand } from './components.ts';
import { addresses, apiserver, stateFolder, statePaths } from './places.ts';
import { forget, isAlive, lastWords, type Started, start, stop } from './processes.ts';
import { secondName } from './status.ts';

/** Another apiserver over the same objects, so that a test may restart or choke it and disturb nobody. */
export interface SecondApiserver {
  /** As the lab's own, but leading here. */
  readonly kubeconfig: string;
  readonly server: string;
  /** Ends it (with `SIGKILL` at once) and starts it again at the same address; resolves when it is ready. */
  restart(): Promise<void>;
  /** Ends it; `start` brings it back. */
  pause(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Takes some 3 s and 250 MiB. With `requestsInFlight` it answers 429 with Retry-After to more requests at a time, but
 * never to members of system:masters, as both users of the lab's kubeconfig are: use a service account's token. Short
 * requests rarely meet; 100 lists at once do.
 */
export async function startSecondApiserver(
  options: { readonly requestsInFlight?: number } = {},
): Promise<SecondApiserver> {
  const paths = statePaths(stateFolder());
  const port = await freePort();
  const server = apiserver.replace(':6443', `:${port}`);
  const folder = mkdtempSync(join(tmpdir(), 'rehome-apiserver-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, readFileSync(paths.kubeconfig, 'utf8').replaceAll(apiserver, server), {
    mode: 0o600,
  });
  let running: Started | undefined;

  async function begin(): Promise<void> {
    const name = `${secondName}apiserver-${port}`;
    const one = start(paths, name, apiserverCommand(paths, { ...options, port, second: true }));
    running = one;
    const api = openApi(kubeconfig);
    const deadline = Date.now() + 60_000;
    const ready = () =>
      api.ask('GET', '/readyz').then(
        ({ status }) => status === 200,
        () => false,
      );
    try {
      while (!(await ready())) {
        if (!isAlive(one)) throw new Error(`The second apiserver ended:\n${lastWords(paths, name)}`);
        if (Date.now() > deadline) throw new Error('The second apiserver was never ready.');
        await sleep(50);
      }
    } finally {
      api.close();
    }
  }

  async function pause(): Promise<void> {
    if (!running) return;
    await stop([running], 0);
    forget(paths, running);
    running = undefined;
  }

  await begin();
  return {
    kubeconfig,
    server,
    pause,
    start: begin,
    async restart() {
      await pause();
      await begin();
    },
    async close() {
      await pause();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, addresses.bridge, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => done(port));
    });
  });
}
