import { showHealthCheck } from '../app/show.ts';
import type { Marathon } from '../context.ts';
import { toService } from '../task/service.ts';
import { applyDeployment } from './apply.ts';
import { type Action, affectedApps, type Deployment } from './deployment.ts';
import { conflictsOf } from './lock.ts';
import { showPlan } from './show.ts';

/** Carries deployments out, step by step, by means of the orchestrator's rollouts. */
export interface Runner {
  start(deployment: Deployment): void;
  /** Ends those that touch the same apps, because this one takes over. */
  yieldTo(deployment: Deployment): void;
  /** Ends a deployment as it stands: definitions stay, instances of both versions stay. */
  stop(deployment: Deployment): void;
  /** Goes on with what was running when the lab ended. */
  resume(): void;
  /** Listens no more; what runs goes on without being told. */
  close(): void;
}

export function createRunner(marathon: Marathon): Runner {
  const { state, events, orchestrator } = marathon;

  let closed = false;
  const stopListening = orchestrator.on((event) => {
    if (event.type === 'rollout' && event.rollout.state === 'done') soon(event.rollout.id);
    if (event.type === 'removed') for (const id of state.deployments.keys()) soon(id);
  });

  // Later, not now: the orchestrator tells of a rollout's end while it is still at work.
  const soon = (id: string): void => {
    queueMicrotask(() => {
      try {
        if (!closed) advance(id);
      } catch (error) {
        // A full disk, say. It goes on at the next event, or when the lab starts again.
        marathon.onBug(error);
      }
    });
  };

  const advance = (id: string): void => {
    const deployment = state.deployments.get(id);
    const step = deployment?.steps[deployment.at];
    if (!deployment || !step) return;
    if (!step.actions.every((action) => isDone(marathon, deployment, action))) return;
    events.publish('deployment_step_success', { plan: showPlan(deployment), currentStep: step });
    const next = { ...deployment, at: deployment.at + 1 };
    if (next.at < next.steps.length) begin(next);
    else succeed(next);
  };

  const begin = (deployment: Deployment): void => {
    const step = deployment.steps[deployment.at];
    if (!step) return;
    state.putDeployment(deployment);
    events.publish('deployment_info', { plan: showPlan(deployment), currentStep: step });
    for (const action of step.actions) carryOut(marathon, deployment, action);
    soon(deployment.id);
  };

  const succeed = (deployment: Deployment): void => {
    state.removeDeployment(deployment.id);
    events.publish('deployment_success', { id: deployment.id, plan: showPlan(deployment) });
  };

  const stop = (deployment: Deployment): void => {
    for (const app of affectedApps(deployment)) {
      // An app that is gone keeps on going: nobody could stop its tasks later.
      if (state.apps.has(app)) orchestrator.cancel(app, deployment.id);
    }
    state.removeDeployment(deployment.id);
    const reason = 'The deployment was cancelled';
    events.publish('deployment_failed', { id: deployment.id, plan: showPlan(deployment), reason });
  };

  return {
    start(deployment) {
      if (deployment.steps.length === 0) succeed(deployment);
      else begin(deployment);
    },
    yieldTo(deployment) {
      for (const other of conflictsOf(marathon, deployment)) stop(other);
    },
    stop,
    resume() {
      for (const deployment of state.deployments.values()) {
        applyDeployment(state, deployment);
        for (const action of deployment.steps[deployment.at]?.actions ?? []) {
          if (!isBegun(marathon, deployment, action)) carryOut(marathon, deployment, action);
        }
        soon(deployment.id);
      }
    },
    close() {
      closed = true;
      stopListening();
    },
  };
}

function carryOut(marathon: Marathon, deployment: Deployment, { action, app }: Action): void {
  const { orchestrator, events } = marathon;
  const to = deployment.changes[app]?.to;
  if (action === 'StopApplication') {
    events.publish('remove_health_check_event', { appId: app });
    orchestrator.stop(app, deployment.id);
  }
  if (!to || action === 'StopApplication') return;
  if (action !== 'ScaleApplication') {
    for (const check of to.healthChecks) {
      const healthCheck = showHealthCheck(check);
      events.publish('add_health_check_event', { appId: app, version: to.version, healthCheck });
    }
  }
  if (action === 'StartApplication') return;
  const victims = deployment.kill?.[app] ?? [];
  if (victims.length > 0) orchestrator.kill(app, victims, 'none');
  orchestrator.put(app, {
    rollout: deployment.id,
    mode: action === 'RestartApplication' ? 'replace' : 'scale',
    revision: to.version,
    instances: to.instances,
    config: toService(to),
  });
}

/** Whether the orchestrator knows of an action already: it keeps its rollouts itself. */
function isBegun({ orchestrator }: Marathon, deployment: Deployment, { action, app }: Action): boolean {
  if (action === 'StartApplication') return true;
  return orchestrator.service(app)?.rollout?.id === deployment.id;
}

function isDone({ orchestrator }: Marathon, deployment: Deployment, { action, app }: Action): boolean {
  const service = orchestrator.service(app);
  if (action === 'StartApplication') return true;
  if (action === 'StopApplication') return service === undefined;
  return service?.rollout?.id === deployment.id && service.rollout.state === 'done';
}
