import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Counts, LoadOptions, PostCounts, RawCounts } from './counts.ts';

/** A load that is under way. */
export interface Load {
  /** Sends nothing more, waits for what is under way, and counts. */
  stop(): Promise<Counts>;
}

/** Starts a load in a thread of its own, so that what else this process does cannot slow it down. */
export function startLoad(options: LoadOptions): Load {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: options });
  const { promise, resolve, reject } = Promise.withResolvers<RawCounts>();
  worker.once('message', resolve);
  worker.once('error', reject);
  promise.catch(() => {
    // Told by `stop`.
  });
  return {
    async stop() {
      worker.postMessage('stop');
      const { answeredPosts, failedPosts, ...counts } = await promise;
      await worker.terminate();
      if (options.receipts === undefined) return counts;
      return { ...counts, posts: countPosts(readReceipts(options.receipts), answeredPosts, failedPosts) };
    },
  };
}

function readReceipts(folder: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const file of readdirSync(folder)) {
    for (const id of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (id !== '') times.set(id, (times.get(id) ?? 0) + 1);
    }
  }
  return times;
}

function countPosts(
  receipts: ReadonlyMap<string, number>,
  answered: readonly string[],
  failed: readonly string[],
): PostCounts {
  const own = [...answered, ...failed];
  return {
    carriedOut: own.filter((id) => receipts.has(id)).length,
    duplicated: own.filter((id) => (receipts.get(id) ?? 0) > 1).length,
    missing: answered.filter((id) => !receipts.has(id)).length,
    failedButCarriedOut: failed.filter((id) => receipts.has(id)).length,
  };
}
