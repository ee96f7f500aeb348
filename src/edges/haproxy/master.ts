import type { Host } from '../../host/host.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { runtimeApi } from './runtime-api.ts';

const patienceMs = 10_000;
/** The first try waits so long for an answer, each one after it twice as long: the machine may be busy. */
const firstMs = 100;
const longestMs = 2_000;
const pauseMs = 10;

/**
 * Asks the master of HAProxy. While it begins anew, after a reload, it accepts what it never answers, and then refuses
 * for a moment. Failure: `edge-not-running`.
 */
export async function askMaster(
  { clock }: Host,
  path: () => string,
  command: string,
  alive: () => boolean,
): Promise<string | Failure> {
  const deadline = clock.now() + patienceMs;
  for (let answerMs = firstMs; ; answerMs = Math.min(answerMs * 2, longestMs)) {
    const answer = await runtimeApi(path, '', answerMs)([command]);
    if (!isFailure(answer) || !alive() || clock.now() > deadline) return answer;
    await clock.sleep(pauseMs);
  }
}
