import type { CustomStep } from '../context.ts';
import type { Step } from '../step.ts';
import { check } from './check.ts';
import { crons } from './crons.ts';
import { customStep } from './custom.ts';
import { ensure } from './ensure.ts';
import { lock } from './lock.ts';
import { migrate } from './migrate.ts';
import { notify } from './notify.ts';
import { retireSteps } from './retire.ts';
import { rollout } from './rollout.ts';
import { testAfter, testBefore } from './tests.ts';
import { watch } from './watch.ts';

/** The built-in steps in their default order. */
export const steps = [
  lock,
  check,
  ensure,
  testBefore,
  migrate,
  rollout,
  crons,
  testAfter,
  watch,
  notify,
] as const satisfies readonly Step[];

/** The steps by the names a deployment was begun with. */
export function stepsNamed(
  names: readonly string[],
  custom: Readonly<Record<string, CustomStep>>,
): readonly Step[] {
  return names.flatMap((name) => {
    const own = custom[name];
    if (own) return [customStep(name, own)];
    return [...steps, ...retireSteps].filter((step) => step.name === name);
  });
}
