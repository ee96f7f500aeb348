import { type AppDefinition, sameConfiguration, sameDefinition } from '../app/definition.ts';
import type { Action, AppChange, Step } from './deployment.ts';

/**
 * The steps from what is to what shall be: what goes is stopped first, what is new is prepared, then every layer of
 * dependencies in turn is scaled or restarted (Marathon's DeploymentPlan).
 */
export function planSteps(
  changes: Readonly<Record<string, AppChange>>,
  dependenciesOf: (app: string) => readonly string[],
  restart: ReadonlySet<string> = new Set(),
): readonly Step[] {
  const entries = Object.entries(changes);
  const gone = entries.filter(([, change]) => !change.to).map(([app]) => app);
  const fresh = entries.filter(([, change]) => !change.from).map(([app]) => app);
  const layers = inLayers(
    entries.filter(([, change]) => change.to).map(([app]) => app),
    dependenciesOf,
  );
  const steps: readonly Step[] = [
    { actions: gone.map((app): Action => ({ action: 'StopApplication', app })) },
    { actions: fresh.map((app): Action => ({ action: 'StartApplication', app })) },
    ...layers.map((layer) => ({ actions: layer.flatMap((app) => actionFor(app, changes[app], restart)) })),
  ];
  return steps.filter((step) => step.actions.length > 0);
}

function actionFor(
  app: string,
  change: AppChange | undefined,
  restart: ReadonlySet<string>,
): readonly Action[] {
  if (!change?.to) return [];
  if (!change.from) return [{ action: 'ScaleApplication', app }];
  if (restart.has(app)) return [{ action: 'RestartApplication', app }];
  return howItChanges(change.from, change.to).map((action) => ({ action, app }));
}

function howItChanges(
  from: AppDefinition,
  to: AppDefinition,
): readonly ('ScaleApplication' | 'RestartApplication')[] {
  if (sameDefinition(from, to)) return [];
  return sameConfiguration(from, to) ? ['ScaleApplication'] : ['RestartApplication'];
}

/** Groups apps by the length of their longest chain of dependencies, shortest first. */
function inLayers(
  apps: readonly string[],
  dependenciesOf: (app: string) => readonly string[],
): readonly (readonly string[])[] {
  const layers: string[][] = [];
  for (const app of apps) {
    const depth = depthOf(app, dependenciesOf, new Set());
    for (let index = layers.length; index <= depth; index++) layers.push([]);
    layers[depth]?.push(app);
  }
  return layers;
}

function depthOf(
  app: string,
  dependenciesOf: (app: string) => readonly string[],
  above: Set<string>,
): number {
  if (above.has(app)) return 0;
  above.add(app);
  const depths = dependenciesOf(app).map((dependency) => 1 + depthOf(dependency, dependenciesOf, above));
  above.delete(app);
  return Math.max(0, ...depths);
}
