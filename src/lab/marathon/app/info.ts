import type { Marathon } from '../context.ts';
import { affectedApps } from '../deploy/deployment.ts';
import { readiness } from '../deploy/show.ts';
import { showCounts, showFailure, showTasks } from '../task/show.ts';
import type { AppDefinition } from './definition.ts';
import { showApp } from './show.ts';

/** What an answer tells of an app beside its definition. */
export type Embed = 'tasks' | 'counts' | 'deployments' | 'readiness' | 'lastTaskFailure' | 'taskStats';

export function showAppInfo(marathon: Marathon, app: AppDefinition, embeds: ReadonlySet<Embed>): unknown {
  const service = marathon.orchestrator.service(app.id);
  const failure = service?.lastFailure;
  return {
    ...showApp(app),
    ...(embeds.has('counts') ? showCounts(marathon, app.id) : {}),
    ...(embeds.has('deployments') ? { deployments: deploymentsOf(marathon, app.id) } : {}),
    ...(embeds.has('readiness') ? { readinessCheckResults: readiness(marathon, app.id) } : {}),
    ...(embeds.has('tasks') ? { tasks: showTasks(marathon, app.id) } : {}),
    ...(embeds.has('lastTaskFailure') && failure
      ? { lastTaskFailure: showFailure(marathon, app.id, failure) }
      : {}),
    ...(embeds.has('taskStats') ? { taskStats: showTaskStats(marathon, app) } : {}),
  };
}

function deploymentsOf({ state }: Marathon, app: string): readonly { id: string }[] {
  const touching = [...state.deployments.values()].filter((one) => affectedApps(one).includes(app));
  return touching.map(({ id }) => ({ id }));
}

/** Counts for all tasks, and for those of the present and of earlier configurations. */
function showTaskStats(marathon: Marathon, app: AppDefinition): unknown {
  const { instances } = marathon.orchestrator.service(app.id) ?? { instances: [] };
  const since = app.versionInfo.lastConfigChangeAt;
  const summary = (chosen: typeof instances): unknown => {
    const running = chosen.filter((one) => one.state === 'TASK_RUNNING');
    return {
      stats: {
        counts: {
          staged: chosen.filter((one) => one.state === 'TASK_STAGING').length,
          running: running.length,
          healthy: running.filter((one) => one.healthy === true).length,
          unhealthy: running.filter((one) => one.healthy === false).length,
        },
      },
    };
  };
  const latest = instances.filter((one) => one.revision >= since);
  const outdated = instances.filter((one) => one.revision < since);
  return {
    ...(latest.length > 0
      ? {
          startedAfterLastScaling: summary(
            latest.filter((one) => one.revision >= app.versionInfo.lastScalingAt),
          ),
        }
      : {}),
    ...(latest.length > 0 ? { withLatestConfig: summary(latest) } : {}),
    ...(outdated.length > 0 ? { withOutdatedConfig: summary(outdated) } : {}),
    totalSummary: summary(instances),
  };
}
