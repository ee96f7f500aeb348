import type { DeploymentEvent } from '../../model/deployment.ts';
import type { Output } from '../output.ts';
import { plainLine } from './plain-lines.ts';
import type { View } from './view.ts';

/** One way to show what deployments do. */
export interface Shown {
  see(event: DeploymentEvent, before: View, after: View): void;
  close(): void;
}

/** A step that ends sooner needs no line for its beginning. */
const quickMs = 1_000;

/** Plain lines for a log. That a step begins is told when it does something or takes its time. */
export function told(output: Pick<Output, 'line'>): Shown {
  const held = new Map<string, { readonly step: string; readonly tell: () => void }>();
  const release = (deployment: string) => {
    held.get(deployment)?.tell();
    held.delete(deployment);
  };
  return {
    see(event, before, after) {
      const line = plainLine(event, before, after);
      const deployment = event.type === 'deployment' ? event.deployment.deployment : event.deployment;
      if (line === undefined) return;
      if (event.type === 'step' && held.get(deployment)?.step === event.step.name) held.delete(deployment);
      release(deployment);
      if (event.type !== 'step' || event.step.status !== 'running') return output.line(line);
      held.set(deployment, { step: event.step.name, tell: () => output.line(line) });
      const waiting = held.get(deployment);
      setTimeout(() => held.get(deployment) === waiting && release(deployment), quickMs).unref();
    },
    close: () => {
      for (const deployment of [...held.keys()]) release(deployment);
    },
  };
}
