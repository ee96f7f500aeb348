import type { DeploymentEvent, StepRecord } from '../../model/deployment.ts';
import { showDuration } from '../arguments/duration.ts';
import { nounOf } from '../deployments/verdict.ts';
import { clockTime } from '../output/local-time.ts';
import { harmless } from '../output/text-width.ts';
import type { DeploymentView, View } from './view.ts';

/**
 * What one event adds for somebody who reads a log: at most one line, none where nothing changed.
 * `12:00:01 hcn test1 rollout: 2 of 4 healthy; health check /health answers 500`
 */
export function plainLine(event: DeploymentEvent, before: View, after: View): string | undefined {
  const id = event.type === 'deployment' ? event.deployment.deployment : event.deployment;
  const [old, now] = [before.get(id), after.get(id)];
  if (!now) return undefined;
  const text = changeText(event, old, now);
  if (text === undefined) return undefined;
  const where = now.deployment ? ` ${now.deployment.environment}` : '';
  return `${clockTime(event.at)} ${now.app}${where} ${text}`;
}

function changeText(
  event: DeploymentEvent,
  old: DeploymentView | undefined,
  now: DeploymentView,
): string | undefined {
  switch (event.type) {
    case 'deployment':
      return deploymentText(old, now);
    case 'step':
      return stepText(
        event.step,
        old?.steps.find((step) => step.name === event.step.name),
      );
    case 'instances': {
      const text = instancesText(event.home, now);
      return old && text === instancesText(event.home, old) ? undefined : `${stepName(now)}: ${text}`;
    }
    case 'waiting':
      return old?.waiting === event.why ? undefined : `waits: ${harmless(event.why)}`;
    case 'log':
      return `${stepName(now)} | ${harmless(event.line)}`;
  }
}

function deploymentText(old: DeploymentView | undefined, now: DeploymentView): string | undefined {
  const { deployment } = now;
  if (!deployment) return undefined;
  if (!old?.deployment) {
    const again = deployment.steps.some(({ attempts }) => attempts > 0);
    const verb = deployment.status !== 'running' ? `is ${deployment.status}` : again ? 'goes on' : 'begins';
    return `${nounOf(deployment.action)} of ${deployment.version} ${verb}: ${deployment.deployment} in ${deployment.homes.join(', ')}`;
  }
  return old.deployment.status === deployment.status
    ? undefined
    : `${nounOf(deployment.action)} ${deployment.status}`;
}

function stepText(step: StepRecord, old: StepRecord | undefined): string | undefined {
  const again = old?.status === step.status && old.message === step.message && old.attempts === step.attempts;
  if (again || step.status === 'pending') return undefined;
  const message = step.message && step.message !== old?.message ? `: ${harmless(step.message)}` : '';
  const attempt = step.status === 'running' && step.attempts > 1 ? `, attempt ${step.attempts}` : '';
  return `${step.name} ${step.status === 'running' ? 'begins' : step.status}${attempt}${took(step)}${message}`;
}

function took(step: StepRecord): string {
  if (step.startedAt === undefined || step.finishedAt === undefined || step.status === 'skipped') return '';
  return ` (${showDuration(Date.parse(step.finishedAt) - Date.parse(step.startedAt))})`;
}

function instancesText(home: string, view: DeploymentView): string | undefined {
  const instances = view.instances.get(home);
  if (!instances) return undefined;
  const counted = `${instances.healthy} of ${instances.wanted} healthy`;
  const why = harmless(instances.why ?? '');
  const both = why === '' ? counted : why.startsWith(counted) ? why : `${counted}; ${why}`;
  return view.instances.size > 1 ? `${home}: ${both}` : both;
}

function stepName(view: DeploymentView): string {
  return (
    view.steps.find((step) => step.status === 'running' || step.status === 'undoing')?.name ?? 'deployment'
  );
}
