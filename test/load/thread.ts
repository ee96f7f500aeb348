import { parentPort, workerData } from 'node:worker_threads';
import type { LoadOptions } from './counts.ts';
import { send } from './sender.ts';

const load = send(workerData as LoadOptions);
parentPort?.once('message', () => {
  void load.stop().then((counts) => parentPort?.postMessage(counts));
});
