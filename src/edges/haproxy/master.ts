import type { Host } from '../../host/host.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { runtimeApi } from './runtime-api.ts';

const patienceMs = 5_000;
const answerMs = 100;
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
  for (;;) {
    const answer = await runtimeApi(path, '', answerMs)([command]);
    if (!isFailure(answer) || !alive() || clock.now() > deadline) return answer;
    await clock.sleep(pauseMs);
  }
}
