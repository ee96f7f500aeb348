import type { Deployment } from '../../model/deployment.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Watch } from '../../operations/operations.ts';
import type { Invocation } from '../command.ts';
import { progress } from '../progress/progress.ts';
import { deploymentDocument } from './document.ts';
import { banner, deploymentExit } from './verdict.ts';

/** Begins or carries on one deployment. */
export type Begin = (watch: Watch, signal: AbortSignal) => Promise<Deployment | Failure>;

export interface FollowOptions {
  /** It is only begun; a worker carries it on. */
  readonly detached?: boolean;
  /** The end that was asked for, where that is not `done`. */
  readonly wanted?: Deployment['status'];
}

/** Shows one deployment until it is over, tells how it ended, and gives the exit code of that. */
export async function follow(
  invocation: Invocation,
  begin: Begin,
  { detached = false, wanted = 'done' }: FollowOptions = {},
): Promise<number | Failure> {
  const { output, signal } = invocation;
  const shown = progress(output, { now: invocation.now });
  const ended = await begin(shown.watch, signal).finally(() => shown.close());
  if (isFailure(ended)) return ended;
  const document = deploymentDocument(ended, detached);
  output.document(document);
  output.event({ type: 'end', ...document });
  const exit = ended.status === wanted ? 0 : deploymentExit(ended, detached);
  banner(ended, exit, output);
  return exit;
}
