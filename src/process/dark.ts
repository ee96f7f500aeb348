import { type Failure, isFailure } from '../model/failure.ts';
import type { DeployContext, DeployHome } from './context.ts';

/** What the rollout leaves for later steps: dark homes that did not come along, by name. */
export interface RolledOut {
  readonly behind: readonly string[];
}

/**
 * Whether a home's word counts for the verdict: homes with a share or on duty decide. A deployment that goes to
 * dark homes alone is judged by them.
 */
export function decides({ homes }: DeployContext, home: DeployHome): boolean {
  return matters(home) || !homes.some(matters);
}

function matters({ residency }: DeployHome): boolean {
  return residency.share > 0 || residency.duty;
}

/** The homes that run the new release: all but dark ones that stayed behind. */
export function homesThatCame({ homes, outputs }: DeployContext): readonly DeployHome[] {
  const behind = (outputs.get('rollout') as RolledOut | undefined)?.behind ?? [];
  return homes.filter(({ name }) => !behind.includes(name));
}

/** A failure that a dark home is forgiven: one of its own, not that the whole deployment was stopped. */
export function forgiven(context: DeployContext, home: DeployHome, result: unknown): result is Failure {
  return isFailure(result) && !decides(context, home) && !context.signal.aborted;
}
