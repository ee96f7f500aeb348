import type { Deployment } from '../../model/deployment.ts';
import { failureDocument } from '../output/failure-text.ts';
import { advice, waitedEnough } from './verdict.ts';

/** A deployment as `--json` shows it. */
export function deploymentDocument(
  deployment: Deployment,
  detached = false,
): Readonly<Record<string, unknown>> {
  const { failure, status, ...rest } = deployment;
  const next = advice(deployment, detached);
  return {
    ...rest,
    status: waitedEnough(deployment) ? 'timed-out' : status,
    ...(failure ? { failure: failureDocument(failure) } : {}),
    ...(next.length > 0 ? { next } : {}),
  };
}
