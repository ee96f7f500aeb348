import { type Failure, isFailure } from '../../model/failure.ts';
import { awaitReady } from '../await-ready.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { type Behind, forgiven, homesThatCame } from '../dark.ts';
import { previousOf } from '../previous.ts';
import { done, type Step } from '../step.ts';
import { writeBack, writePart } from '../write.ts';

/** Brings the services of every home to the new release, and waits until they are healthy. */
export const rollout: Step = {
  name: 'rollout',
  summary: 'Rolls the new version out, keeping the old one serving until the new one is healthy.',

  async run(context) {
    const fronted = await reconcileFront(context);
    if (fronted) return fronted;
    const parts = await rollOutAll(context);
    if (isFailure(parts)) return parts;
    const told: string[] = [];
    const behind: string[] = [];
    for (const { home, part } of parts) {
      if (isFailure(part)) behind.push(home.name);
      told.push(isFailure(part) ? await leaveBehind(context, home, part) : part);
    }
    return done(told.join('; '), { behind } satisfies Behind);
  },

  async undo(context) {
    const parts = await Promise.all(
      homesThatCame(context).map(async (home) => ({ home, part: await takeBack(context, home) })),
    );
    const failure = parts.find(({ home, part }) => isFailure(part) && !forgiven(context, home, part));
    if (failure && isFailure(failure.part)) return failure.part;
    const removed = await removeFront(context);
    if (removed) return removed;
    const told = parts.flatMap(({ home, part }) => (part === undefined ? [] : [tellOf(home, part)]));
    return told.length > 0 ? told.join('; ') : undefined;
  },
};

interface Part {
  readonly home: DeployHome;
  readonly part: string | Failure;
}

/** To all homes at once; where one that decides fails, the others need not come about any more. */
async function rollOutAll(context: DeployContext): Promise<readonly Part[] | Failure> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  let failure: Failure | undefined;
  const parts = homesThatCame(context).map(async (home): Promise<Part> => {
    const part = await rollOut({ ...context, signal }, home);
    if (!isFailure(part) || forgiven(context, home, part)) return { home, part };
    failure ??= part;
    failed.abort();
    return { home, part };
  });
  const settled = await Promise.all(parts);
  return failure ?? settled;
}

async function rollOut(context: DeployContext, home: DeployHome): Promise<string | Failure> {
  const written = await writePart(context, home, home.app, 'rollout');
  if (isFailure(written)) return written;
  const ready = await awaitReady(context, home, startOf(context));
  if (isFailure(ready)) return ready;
  return `${home.name}: ${ready.healthy} of ${ready.wanted} ${hasCheck(home) ? 'healthy' : 'running'}`;
}

/** A dark home that does not come along runs on as it did before, and says so. */
async function leaveBehind(context: DeployContext, home: DeployHome, why: Failure): Promise<string> {
  const back = await takeBack(context, home);
  const now = isFailure(back) ? `could not be taken back: ${back.message}` : (back ?? 'nothing was changed');
  return `${home.name} has no share and stays behind: ${why.message} ${now}`;
}

function tellOf({ name }: DeployHome, part: string | Failure): string {
  return isFailure(part) ? `${name} has no share and could not be taken back: ${part.message}` : part;
}

async function takeBack(context: DeployContext, home: DeployHome): Promise<string | undefined | Failure> {
  const back = await writeBack(context, home, 'rollout');
  if (back === undefined || isFailure(back)) return back;
  if (!back.home) return back.message;
  const ready = await awaitReady(context, back.home, context.host.clock.now());
  return isFailure(ready) ? ready : `${back.message}, ${ready.healthy} of ${ready.wanted} healthy`;
}

/** Failures from before this rollout began do not count against it, also when it is resumed. */
function startOf({ step, host }: DeployContext): number {
  return step.startedAt ? Date.parse(step.startedAt) : host.clock.now();
}

/** The stable address stands before the first instance does, so that it follows them from the start. */
async function reconcileFront({ app, front, homes, signal }: DeployContext): Promise<Failure | undefined> {
  // Who listens on nothing needs no address.
  const listens = homes.some(({ app: { services } }) => services.some(({ port }) => port !== undefined));
  if (!front || !listens) return undefined;
  const { edge, address, shares } = front;
  return await edge.reconcile({ app, address, shares, backends: {} }, signal);
}

/** An app that was nowhere before needs no address either. */
async function removeFront(context: DeployContext): Promise<Failure | undefined> {
  const { front, app, homes, signal } = context;
  if (!front || Object.keys(front.shares).length > homes.length) return undefined;
  for (const home of homes) {
    const previous = await previousOf(context, home);
    if (previous) return isFailure(previous) ? previous : undefined;
  }
  return await front.edge.remove(app, signal);
}

function hasCheck({ app }: DeployHome): boolean {
  return app.services.some(({ health }) => health);
}
