import type { Deployment, DeploymentEvent, StepRecord } from '../../model/deployment.ts';

/** What is known of the deployments that are watched, by id, in the order in which they began. */
export type View = ReadonlyMap<string, DeploymentView>;

export interface DeploymentView {
  readonly id: string;
  readonly app: string;
  /** Undefined until the deployment itself was told. */
  readonly deployment?: Deployment;
  readonly startedAt: string;
  readonly steps: readonly StepRecord[];
  /** By home; of the step that is under way. */
  readonly instances: ReadonlyMap<string, Instances>;
  readonly waiting?: string;
  /** The last lines that came from the step under way. */
  readonly log: readonly string[];
}

export interface Instances {
  readonly wanted: number;
  readonly running: number;
  readonly healthy: number;
  readonly why?: string;
}

const logLines = 5;

/** The view after one more event. */
export function see(view: View, event: DeploymentEvent): View {
  const id = event.type === 'deployment' ? event.deployment.deployment : event.deployment;
  const before = view.get(id) ?? unseen(id, event);
  return new Map(view).set(id, seeOne(before, event));
}

/** The step that is under way, or is being undone. */
export function currentStep(view: DeploymentView): StepRecord | undefined {
  return view.steps.find((step) => step.status === 'running' || step.status === 'undoing');
}

export function isOver(view: DeploymentView): boolean {
  return view.deployment !== undefined && view.deployment.status !== 'running';
}

function unseen(id: string, event: DeploymentEvent): DeploymentView {
  const app = event.type === 'deployment' ? event.deployment.app : event.app;
  return { id, app, startedAt: event.at, steps: [], instances: new Map(), log: [] };
}

function seeOne(before: DeploymentView, event: DeploymentEvent): DeploymentView {
  switch (event.type) {
    case 'deployment':
      return seeDeployment(before, event.deployment);
    case 'step':
      return seeStep(before, event.step);
    case 'instances': {
      const { wanted, running, healthy, why } = event;
      const now = { wanted, running, healthy, ...(why === undefined ? {} : { why }) };
      return { ...calm(before), instances: new Map(before.instances).set(event.home, now) };
    }
    case 'waiting':
      return { ...before, waiting: event.why };
    case 'log':
      return { ...before, log: [...before.log, event.line].slice(-logLines) };
  }
}

function seeDeployment(before: DeploymentView, deployment: Deployment): DeploymentView {
  return { ...calm(before), deployment, startedAt: deployment.startedAt, steps: deployment.steps };
}

/** A step's own instances and log end with it. */
function seeStep(before: DeploymentView, step: StepRecord): DeploymentView {
  const known = before.steps.some(({ name }) => name === step.name);
  const steps = known
    ? before.steps.map((other) => (other.name === step.name ? step : other))
    : [...before.steps, step];
  const same = currentStep(before)?.name === step.name && currentStep(before)?.status === step.status;
  return same ? { ...calm(before), steps } : { ...calm(before), steps, instances: new Map(), log: [] };
}

function calm(view: DeploymentView): DeploymentView {
  const { waiting: _over, ...rest } = view;
  return rest;
}
