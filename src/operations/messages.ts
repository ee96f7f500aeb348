import { type Failure, isFailure } from '../model/failure.ts';
import type { Message } from '../notify/notifier.ts';
import type { DeployContext } from '../process/context.ts';
import type { Begun } from '../store/store.ts';
import type { Wired } from './wired.ts';

/** Sends a message about a deployment through everything that `notify:` names; answers what was not delivered. */
export function messenger(wired: Wired, begun: Begun): DeployContext['notify'] {
  return async (event, text) => {
    const { workspace, notifiers, host, store, print } = wired;
    const deployment = await store.deployment(begun.id);
    if (!deployment || isFailure(deployment)) return deployment ? [deployment] : [];
    const recovered = event === 'done' && (await failedBefore(wired, begun));
    const message: Message = {
      event: recovered ? 'recovered' : event,
      text: worded(begun, event, text),
      deployment,
    };
    const context = { host, root: workspace.root, print };
    const problems: Failure[] = [];
    for (const { type, ...settings } of workspace.notify) {
      const notifier = notifiers.find(({ name }) => name === type);
      const problem = await notifier?.send(message, settings, context);
      if (problem) problems.push(problem);
    }
    return problems;
  };
}

/** `hcn 1.0.0 in test1 was rolled back: …` */
function worded({ app, version, environment }: Begun, event: Message['event'], text: string): string {
  const subject = `${app} ${version} in ${environment}`;
  return event === 'done' ? text : `${subject} ${ends[event]}: ${text}`;
}

const ends = {
  recovered: 'recovered',
  failed: 'failed',
  'rolled-back': 'was rolled back',
  cancelled: 'was cancelled',
  'needs-operator': 'needs an operator',
} as const;

/** Whether the deployment before this one ended badly. */
async function failedBefore({ store }: Wired, { app, environment, id }: Begun): Promise<boolean> {
  const latest = await store.deployments({ app, environment, limit: 2 });
  if (isFailure(latest)) return false;
  const before = latest.find(({ deployment }) => deployment !== id);
  return before?.status === 'failed' || before?.status === 'rolled-back';
}
