import type { Instance } from '../../orchestrator/orchestrator.ts';
import type { Marathon } from '../context.ts';
import { affectedApps, type Deployment } from './deployment.ts';

/** A plan as events carry it. */
export function showPlan({ id, steps, version }: Deployment): unknown {
  return { id, steps, version };
}

/** A deployment as `GET /v2/deployments` has it. */
export function showDeployment(marathon: Marathon, deployment: Deployment): unknown {
  const { id, steps, version, at } = deployment;
  return {
    id,
    steps,
    version,
    affectedApps: affectedApps(deployment),
    affectedPods: [],
    currentActions: (steps[at]?.actions ?? []).map(({ action, app }) => ({
      action,
      app,
      readinessCheckResults: readiness(marathon, app),
    })),
    currentStep: at + 1,
    totalSteps: steps.length,
  };
}

/** Answers of readiness checks to tell of an app. */
export function readiness(marathon: Marathon, app: string): readonly unknown[] {
  const instances = marathon.orchestrator.service(app)?.instances ?? [];
  return instances.flatMap((instance) => showReadiness(instance));
}

function showReadiness({ taskId, readiness: result }: Instance): readonly unknown[] {
  if (!result) return [];
  const { name, ready, lastResponse } = result;
  return [{ name, taskId, ready, ...(lastResponse ? { lastResponse } : {}) }];
}
