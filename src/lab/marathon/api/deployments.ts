import { empty, json, type Reply, type Request } from '../../http/message.ts';
import type { Marathon } from '../context.ts';
import { commit } from '../deploy/commit.ts';
import { revertChange } from '../deploy/revert.ts';
import type { Runner } from '../deploy/run.ts';
import { showDeployment } from '../deploy/show.ts';
import { refuse } from '../refusal.ts';
import { deploymentReply, flag } from './answers.ts';

export function listDeployments(marathon: Marathon): Reply {
  const running = [...marathon.state.deployments.values()];
  return json(
    200,
    running.map((deployment) => showDeployment(marathon, deployment)),
  );
}

/** Without force: a new deployment back to what was. With force: it ends as it stands, mixed instances stay. */
export function cancelDeployment(marathon: Marathon, runner: Runner, request: Request): Reply {
  const id = request.params['id'] ?? '';
  const deployment = marathon.state.deployments.get(id);
  if (!deployment) return refuse(404, `DeploymentPlan ${id} does not exist`, []).reply;
  if (flag(request.query, 'force', false)) {
    runner.stop(deployment);
    return empty(202);
  }
  return deploymentReply(commit(marathon, runner, revertChange(marathon.state, deployment)));
}
