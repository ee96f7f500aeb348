import type { Deployment } from '../../model/deployment.ts';
import { failureDocument } from '../output/failure-text.ts';

/** A deployment as `--json` shows it. */
export function deploymentDocument(deployment: Deployment): Readonly<Record<string, unknown>> {
  const { failure, ...rest } = deployment;
  return failure ? { ...rest, failure: failureDocument(failure) } : rest;
}
