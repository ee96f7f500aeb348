import type { Deployment } from '../model/deployment.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { DeployOptions } from '../process/context.ts';
import { found } from './deploy.ts';
import type { Wired } from './wired.ts';

/**
 * Says yes to a deployment, also before it asks. `no-such-deployment`, `not-resumable` where it is over or has no
 * step that asks.
 */
export async function approve(wired: Wired, id: string): Promise<undefined | Failure> {
  const deployment = await found(wired, id);
  if (isFailure(deployment)) return deployment;
  if (deployment.status !== 'running') return over(deployment);
  const begun = await wired.store.begun(id);
  if (isFailure(begun)) return begun;
  const { custom } = begun.options as unknown as DeployOptions;
  if (Object.values(custom).some((step) => 'approve' in step)) return wired.store.approve(id, wired.holder);
  return fail('not-resumable', `Deployment ${id} waits for nobody: no step of it asks for approval.`, {
    hint: 'a step {name: …, approve: "question"} in process: of rehome.yaml asks',
  });
}

function over({ deployment, status }: Deployment): Failure {
  return fail('not-resumable', `Deployment ${deployment} is over: ${status}.`, {
    hint: `rehome show ${deployment} tells what it did`,
  });
}
