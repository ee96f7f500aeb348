import type { AppDefinition } from '../app/definition.ts';
import type { Group } from '../state.ts';

type ActionName = 'StartApplication' | 'ScaleApplication' | 'RestartApplication' | 'StopApplication';

export interface Action {
  readonly action: ActionName;
  readonly app: string;
}

/** Actions of one step go on side by side; the next step waits for all of them. */
export interface Step {
  readonly actions: readonly Action[];
}

/** What a deployment makes of one app; `from` is absent for a new one, `to` for one that goes. */
export interface AppChange {
  readonly from?: AppDefinition;
  readonly to?: AppDefinition;
}

/** A deployment, from its acceptance to its end. Plain data: it is kept on disk while it goes on. */
export interface Deployment {
  readonly id: string;
  readonly version: string;
  readonly steps: readonly Step[];
  readonly changes: Readonly<Record<string, AppChange>>;
  /** Groups that came or went with it, for the way back. */
  readonly groupsAdded: readonly string[];
  readonly groupsPut: readonly Group[];
  readonly groupsRemoved: readonly string[];
  /** Instances chosen to go first, where somebody asked for that. */
  readonly kill?: Readonly<Record<string, readonly string[]>>;
  /** Index of the step that goes on, from 0. */
  readonly at: number;
}

/** Apps that a deployment touches, which are locked meanwhile. */
export function affectedApps(deployment: Deployment): readonly string[] {
  return [...new Set(deployment.steps.flatMap((step) => step.actions.map((action) => action.app)))];
}
