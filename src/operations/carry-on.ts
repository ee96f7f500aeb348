import type { Deployment, DeploymentEvent } from '../model/deployment.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Residence } from '../model/residence.ts';
import type { AppFront, DeployContext, DeployHome, DeployOptions } from '../process/context.ts';
import type { Ending } from '../process/engine.ts';
import { releaseOf } from '../process/previous.ts';
import { stepsNamed } from '../process/steps/index.ts';
import type { Begun, Claim } from '../store/store.ts';
import { aroundOf, neighboursOf, targetAround } from './around.ts';
import { lookUpSecrets } from './know-secrets.ts';
import { messenger } from './messages.ts';
import type { Watch } from './operations.ts';
import { provisioner } from './provision.ts';
import { connectOne } from './silent.ts';
import type { Wired } from './wired.ts';

/** Carries a claimed deployment on in this process, to its end or to an interruption. */
export async function carryOn(
  wired: Wired,
  claim: Claim,
  watch: Watch,
  signal: AbortSignal,
): Promise<Deployment | Failure> {
  const { store, host } = wired;
  const begun = await store.begun(claim.deployment);
  if (isFailure(begun)) return begun;
  const at = () => new Date(host.clock.now()).toISOString();
  const stamp = { deployment: begun.id, app: begun.app };
  await tellWhole(wired, claim, watch);
  const context = await contextOf(wired, begun);
  if (isFailure(context)) return await stop(wired, claim, begun, context);
  const ending = await wired.engine.run({
    claim,
    begun,
    steps: stepsNamed(
      begun.steps.map(({ name }) => name),
      context.options.custom,
    ),
    context,
    watch: (event) => watch({ ...event, at: at(), ...stamp } as DeploymentEvent),
    signal,
  });
  await tellWhole(wired, claim, watch);
  return await resultOf(wired, claim, ending);
}

async function contextOf(wired: Wired, begun: Begun): Promise<Omit<DeployContext, Live> | Failure> {
  const { workspace, store, host, reveal, mask } = wired;
  const residence = await store.residence(begun.app, begun.environment);
  if (isFailure(residence)) return residence;
  const homes = await homesOf(wired, begun, residence);
  if (isFailure(homes)) return homes;
  // Tasks that another process began may print secrets that this one has looked up nowhere else.
  for (const app of Object.values(begun.models)) lookUpSecrets(reveal, app);
  const front = await frontOf(wired, begun, residence);
  if (isFailure(front)) return front;
  return {
    id: begun.id,
    action: begun.action,
    app: begun.app,
    version: begun.version,
    environment: begun.environment,
    root: workspace.root,
    host,
    store,
    homes,
    ...(front ? { front } : {}),
    reveal,
    mask,
    options: begun.options as unknown as DeployOptions,
    provision: provisioner(wired),
    tellsNobody: workspace.notify.length === 0,
    notify: messenger(wired, begun),
  };
}

type Live = 'step' | 'outputs' | 'signal' | 'tell';

async function homesOf(
  wired: Wired,
  begun: Begun,
  residence: Residence | undefined,
): Promise<readonly DeployHome[] | Failure> {
  const environment = wired.workspace.environments[begun.environment];
  const homes: DeployHome[] = [];
  const around = environment && (await aroundOf(wired, environment));
  if (isFailure(around)) return around;
  const asked = (residence?.homes ?? []).filter(({ home }) => Object.hasOwn(begun.models, home));
  for (const [name, app] of Object.entries(begun.models)) {
    const config = environment?.homes.find((home) => home.name === name);
    const residency = residence?.homes.find(({ home }) => home === name);
    if (!environment || !around || !config || !residency) {
      return fail('unknown-home', `${begun.environment}.${name} is not in rehome.yaml any more.`);
    }
    const connected = await connectOne(wired, environment, config, asked);
    if (isFailure(connected)) return connected;
    const home = { ...connected, target: targetAround(connected, around) };
    const neighbours = neighboursOf(app, home, around);
    homes.push({ ...home, name, app, release: releaseOf(app, begun.id), residency, neighbours });
  }
  return homes;
}

async function frontOf(
  wired: Wired,
  { app, environment: name }: Begun,
  residence: Residence | undefined,
): Promise<AppFront | undefined | Failure> {
  const environment = wired.workspace.environments[name];
  if (!environment) return undefined;
  const edge = await wired.edgeOf(environment, { start: true });
  if (!edge || isFailure(edge)) return edge;
  const addresses = await wired.addresses(environment);
  if (isFailure(addresses)) return addresses;
  const shares = Object.fromEntries((residence?.homes ?? []).map(({ home, share }) => [home, share]));
  const port = addresses?.[app];
  return port === undefined ? undefined : { edge, shares, address: { host: '127.0.0.1', port } };
}

/** Nothing was done yet: a fresh deployment ends here, one that was begun before waits for the next try. */
async function stop(
  { store }: Wired,
  claim: Claim,
  begun: Begun,
  failure: Failure,
): Promise<Deployment | Failure> {
  const fresh = begun.steps.every(({ attempts }) => attempts === 0);
  const { arrives: leaves = [] } = begun.options as unknown as DeployOptions;
  const problem = fresh
    ? await store.finish(claim, { status: 'failed', failure, leaves })
    : await store.abandon(claim);
  return problem ?? failure;
}

async function resultOf({ store }: Wired, claim: Claim, ending: Ending): Promise<Deployment | Failure> {
  if (ending.kind === 'lost') return ending.failure;
  const deployment = await store.deployment(claim.deployment);
  if (isFailure(deployment)) return deployment;
  if (!deployment) return fail('no-such-deployment', `Deployment ${claim.deployment} is gone.`);
  if (ending.kind === 'over') return deployment;
  const hint = `rehome resume ${claim.deployment} goes on, rehome cancel ${claim.deployment} undoes it`;
  const failure =
    ending.kind === 'stalled'
      ? { ...ending.failure, hint }
      : fail('interrupted', 'Stopped on request, between two steps or in the middle of one.', { hint });
  return { ...deployment, failure };
}

async function tellWhole({ store, host }: Wired, claim: Claim, watch: Watch): Promise<void> {
  const deployment = await store.deployment(claim.deployment);
  if (!deployment || isFailure(deployment)) return;
  watch({ type: 'deployment', at: new Date(host.clock.now()).toISOString(), deployment });
}
