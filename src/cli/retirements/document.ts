import type { EmptiedHome, RetireForecast, Retirement } from '../../operations/retirements.ts';
import { deploymentDocument } from '../deployments/document.ts';

/** What `retire --dry-run --json` shows of one app. */
export function forecastDocument({ plan, ...standing }: RetireForecast) {
  const changes = plan.apps.flatMap(({ changes }) =>
    changes.map(({ home, action, object, fields }) => ({ home, action, object, fields })),
  );
  return { ...standing, retired: false, changes };
}

/** What `retire --json` shows of one app; `snapshot` names what `--undo` brings back. */
export function retirementDocument({ deployment, ...standing }: Retirement) {
  const retired = deployment?.status === 'done';
  return {
    ...standing,
    retired,
    ...(retired ? { snapshot: deployment.deployment } : {}),
    ...(deployment ? { deployment: deploymentDocument(deployment) } : {}),
  };
}

/** What `retire --home --json` shows. */
export function emptiedDocument(emptied: EmptiedHome, cut: boolean) {
  return { ...emptied, cut };
}
