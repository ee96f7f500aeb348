import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Condition } from '../../model/retirement.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { runs } from '../previous.ts';
import { conditionsOf } from '../retire/conditions.ts';
import { removalOf } from '../retire/removal.ts';
import { contentOf } from '../retire/snapshot.ts';
import { done, type Step, skipped } from '../step.ts';
import { write } from '../write.ts';

/** How long the home may take until nothing of the app can be seen there, ms. */
const goneWithinMs = 120_000;
const lookAgainMs = 1_000;

/** Looks again under the lock, where nobody else can change it any more. */
const proof: Step = {
  name: 'proof',
  summary: 'Makes sure that nothing of the app is needed in the home any more.',
  async run(context) {
    const { app, environment, store, host, front, signal } = context;
    const home = leaving(context);
    const conditions = await conditionsOf({
      ...{ app, environment, home: home.name, live: home.home, edge: front?.edge },
      ...{ store, clock: host.clock, proofMs: context.options.retires?.proofMs ?? 0, notes: false, signal },
    });
    if (isFailure(conditions)) return conditions;
    const unmet = conditions.filter(({ met }) => !met);
    if (unmet.length > 0) return needed(`${app} in ${environment}.${home.name}`, unmet);
    return done('nothing of it is needed any more');
  },
};

export function needed(what: string, unmet: readonly Condition[]): Failure {
  const found = unmet.map((one) => one.found).join('; ');
  const hint = unmet.find((one) => one.hint)?.hint;
  return fail('still-needed', `${what} cannot be retired yet: ${found}.`, hint ? { hint } : {});
}

/** Written before anything is removed; what an interrupted retirement has kept already stays. */
const snapshot: Step = {
  name: 'snapshot',
  summary: 'Keeps what is removed, so that it can be brought back.',
  async run(context) {
    const { app, environment, store, host, id, options, signal } = context;
    const home = leaving(context);
    const live = await home.home.observe({ app }, signal);
    if (isFailure(live)) return live;
    const isThere = home.platform.read(live, home.target).apps.some((one) => one.name === app && runs(one));
    const kept = isThere ? undefined : await unfinished(context, home);
    if (isFailure(kept)) return kept;
    if (kept) return skipped(`${kept} has kept it already`);
    const content = await contentOf(context, home, live, options.retires?.secrets ?? []);
    if (isFailure(content)) return content;
    const manifest = options.retires?.manifest;
    const at = new Date(host.clock.now()).toISOString();
    const kind = { id, app, environment, home: home.name, at };
    const failure = await store.saveSnapshot({ ...kind, ...content, ...(manifest ? { manifest } : {}) });
    return failure ?? done(`${count(content.objects.length, 'object')} kept`);
  },
};

/** The retirement of this home that removed what is missing now, and did not come to its end. */
async function unfinished({ store, app, environment, id }: DeployContext, { name: home }: DeployHome) {
  const snapshots = await store.snapshots({ app, environment, home });
  if (isFailure(snapshots)) return snapshots;
  const last = snapshots.find((one) => one.id !== id);
  const deployment = last && (await store.deployment(last.id));
  if (!deployment || isFailure(deployment)) return deployment;
  return deployment.status === 'done' ? undefined : deployment.deployment;
}

/** From here on nothing can be sent there. */
const edge: Step = {
  name: 'edge',
  summary: 'Takes the home out of the front of the app.',
  async run({ app, front, signal, ...context }) {
    const { name } = leaving(context);
    const shares = await front?.edge.getShare(app, signal);
    if (isFailure(shares)) return shares;
    if (!front || !shares || !Object.hasOwn(shares, name)) return skipped('the edge does not know the home');
    const { [name]: share = 0, ...others } = shares;
    if (share > 0) return fail('still-needed', `The edge sends ${share} % of ${app} to ${name}.`);
    const failure = await front.edge.reconcile(
      { app, address: front.address, shares: others, backends: {} },
      signal,
    );
    return failure ?? done(`${Object.keys(others).join(', ')} left`);
  },
};

const remove: Step = {
  name: 'remove',
  summary: 'Removes the app from the home; a name that others there call it by leads to the edge.',
  async run(context) {
    const { app, environment, store } = context;
    const home = leaving(context);
    const removal = await removalOf(home, home.app, context);
    if (isFailure(removal)) return removal;
    const { changes, callers } = removal;
    const failure =
      (changes.length > 0 ? await write(context, home, changes, home.release) : undefined) ??
      (await untilGone(context, home)) ??
      (await store.forgetReading(app, environment, home.name));
    if (failure) return failure;
    const gone = changes.filter(({ action }) => action === 'delete').length;
    const what = gone === 0 ? 'nothing is left' : `${count(gone, 'object')} removed`;
    return done(callers.length === 0 ? what : `${what}; ${callers.join(', ')} there reach it at the edge`);
  },
};

/** Homes take their time to end what runs. */
async function untilGone(context: DeployContext, home: DeployHome): Promise<Failure | undefined> {
  const { app, host, signal } = context;
  const deadline = host.clock.now() + goneWithinMs;
  for (;;) {
    const removal = await removalOf(home, home.app, context);
    if (isFailure(removal)) return removal;
    const left = removal.changes.length;
    if (left === 0) return undefined;
    if (signal.aborted) return fail('interrupted', 'Stopped on request.');
    if (host.clock.now() >= deadline) {
      const message = `${count(left, 'object')} of ${app} are still there after ${goneWithinMs / 1000} s.`;
      return fail('step-failed', message, { hint: 'look why at the home, then repeat rehome retire' });
    }
    await home.home.changed(app, lookAgainMs, signal);
  }
}

function leaving({ homes }: Pick<DeployContext, 'homes'>): DeployHome {
  const [home] = homes;
  if (!home) throw new Error('a retirement without a home');
  return home;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

/** What a retirement does between taking the lock and telling of it. */
export const retireSteps = [proof, snapshot, edge, remove] as const satisfies readonly Step[];
