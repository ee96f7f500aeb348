import type { Deployment } from '../../model/deployment.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { settle } from '../../model/work.ts';
import type { Action } from '../../moves/move.ts';
import { run } from '../deploy.ts';
import { type Prepared, prepare, withNeighbours } from '../prepare.ts';
import { cancel } from '../resume.ts';
import type { Done, Performing } from './perform.ts';
import type { LookedHome } from './seen-home.ts';

type Deploying = Extract<Action, { kind: 'deploy' }>;

/**
 * An ordinary deployment of one home. What is deployed there already is deployed as it was, only with another share of
 * the work; a release that arrives is built from the manifest.
 */
export async function deployTo(performing: Performing, action: Deploying): Promise<Done | Failure> {
  const { site, begun, claim, tell, signal } = performing;
  const { wired, environment, app } = site;
  const prepared = await preparedFor(performing, action);
  if (isFailure(prepared)) return prepared;
  // A deployment takes the lock for itself.
  const freed = await wired.store.unlockForMove(claim);
  if (freed) return freed;
  const beginning = { action: 'deploy', prepared, skip: [], lockWaitMs: 0, detach: false } as const;
  const result = await run(
    wired,
    { ...beginning, move: begun.move },
    { watch: (event) => tell.deployment(event), signal },
  );
  if (isFailure(result)) return result;
  if (result.status === 'done') {
    return { message: `${result.deployment}: ${action.version} in ${environment.name}.${action.home}` };
  }
  if (result.status === 'running' && signal.aborted) return await takeBack(performing, result);
  return whyNot(app, result);
}

/** Whoever sent the move back does not want it any more; whoever stopped this process wants it to go on later. */
async function takeBack({ site, tell, begun }: Performing, { deployment, app }: Deployment) {
  const now = await site.wired.store.begunMove(begun.move);
  const turned = !isFailure(now) && now.direction === 'back' && begun.direction === 'forth';
  if (!turned) return fail('interrupted', `Deployment ${deployment} of ${app} was left in the middle.`);
  const result = await cancel(
    site.wired,
    deployment,
    (event) => tell.deployment(event),
    new AbortController().signal,
  );
  return isFailure(result) ? result : { message: `${deployment} was taken back` };
}

function whyNot(app: string, { deployment, status, failure }: Deployment): Failure {
  const why = failure ? ` ${failure.message}` : '';
  return fail('step-failed', `Deployment ${deployment} of ${app} ended ${status}.${why}`, {
    hint: `rehome show ${deployment}`,
  });
}

async function preparedFor(
  { site, looked }: Performing,
  { home, version, share, duty }: Deploying,
): Promise<Prepared | Failure> {
  const { wired, environment, app } = site;
  const residence = [{ home, share, duty, phase: 'settled' }];
  const prepared = await prepare(wired, { app, version }, `${environment.name}.${home}`, { residence });
  if (isFailure(prepared)) return prepared;
  const there: LookedHome = looked.from.seen.home === home ? looked.from : looked.to;
  const { model } = there;
  if (!model || model.version !== version) return prepared;
  const built = prepared.built.map((one) => {
    const settled = settle(model, { share, duty });
    return {
      ...one,
      built: { ...one.built, app: settled },
      ...withNeighbours(settled, one, prepared.around),
    };
  });
  return { ...prepared, built };
}
