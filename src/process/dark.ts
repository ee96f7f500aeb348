import { type Failure, isFailure } from '../model/failure.ts';
import type { Residency } from '../model/residence.ts';
import type { DeployContext, DeployHome } from './context.ts';

/** What a step leaves for later ones: dark homes that did not come along, by name. */
export interface Behind {
  readonly behind: readonly string[];
}

/**
 * Whether a home's word counts for the verdict: homes with a share or on duty decide. A deployment that goes to
 * dark homes alone is judged by them.
 */
export function decides({ homes }: Pick<DeployContext, 'homes'>, { residency }: DeployHome): boolean {
  return decidesAmong(
    homes.map((home) => home.residency),
    residency,
  );
}

/** @param all homes that the deployment goes to */
export function decidesAmong(all: readonly Residency[], one: Residency): boolean {
  return matters(one) || !all.some(matters);
}

function matters({ share, duty }: Residency): boolean {
  return share > 0 || duty;
}

/** Whether a deployment goes to dark homes alone: nothing of it is reached at the app's stable address. */
export function isDark({ homes }: Pick<DeployContext, 'homes'>): boolean {
  return !homes.some(({ residency }) => residency.share > 0);
}

/** The homes that come along so far: all but dark ones that stayed behind. */
export function homesThatCame({ homes, outputs }: DeployContext): readonly DeployHome[] {
  const behind = ['check', 'ensure', 'rollout'].flatMap(
    (step) => (outputs.get(step) as Behind | undefined)?.behind ?? [],
  );
  return homes.filter(({ name }) => !behind.includes(name));
}

/** A failure that a dark home is forgiven: one of its own, not that the whole deployment was stopped. */
export function forgiven(context: DeployContext, home: DeployHome, result: unknown): result is Failure {
  return isFailure(result) && !decides(context, home) && !context.signal.aborted;
}
