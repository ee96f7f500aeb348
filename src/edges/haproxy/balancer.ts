import type { Host } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { takeTurns } from '../daemon/turns.ts';
import type { Shares } from '../edge.ts';
import { noFront, sharesInForce } from './in-force.ts';
import { bindsIn, isOpen, type Listenable, listenable } from './listening.ts';
import { type FrontModel, type HaproxyModel, names, type Options, type Paths } from './model.ts';
import type { Place } from './place.ts';
import type { HaproxyProcess } from './process.ts';
import { boundAt, madeOf } from './render.ts';
import type { RuntimeApi } from './runtime-api.ts';
import { keepServers } from './sync-servers.ts';
import { type AllWorkers, allWorkers } from './workers.ts';

/** A front as its site wants it. */
export interface Member {
  front(): FrontModel;
  /** These shares are in force. */
  adopt(shares: Shares): void;
}

/** Makes the HAProxy of one environment as its fronts want it, and reads back what it does. */
export interface Balancer {
  readonly members: Map<string, Member>;
  readonly workers: AllWorkers;
  /** Whether our HAProxy listens there already. */
  listensAt(bind: string): boolean;
  /** What it cannot listen on at the moment. */
  readonly left: Pick<Listenable, 'silent' | 'missing'>;
  /** Resolves when it is as the members want it now; many calls become one. */
  apply(): Promise<undefined | Failure>;
  /** Resolves when the shares are in force in every process, and written. */
  setShare(app: string, shares: Shares): Promise<undefined | Failure>;
  /** The shares in force. `no-front` where the app is not carried at the moment. */
  shares(app: string): Promise<Shares | Failure>;
  verify(app: string, shares: Shares): Promise<undefined | Failure>;
  close(stopMs: number): Promise<void>;
}

export interface BalancerContext {
  readonly host: Host;
  readonly environment: string;
  readonly place: Place;
  readonly paths: Paths;
  readonly options: () => Options;
  readonly process: HaproxyProcess;
  readonly api: RuntimeApi;
  readonly log: (line: string) => void;
  /** Told before processes are replaced or after one is gone. */
  readonly onWorkers: () => Promise<void>;
}

const answerMs = 10_000;
const lookMs = 10;
const watchMs = 50;
const againMs = 500;

export function createBalancer(context: BalancerContext): Balancer {
  const { host, environment, place, paths, process, api, log } = context;
  const members = new Map<string, Member>();
  const workers = allWorkers(host, process, api);
  const inForce = sharesInForce({ host, environment, place, paths, members, workers, log });
  const inTurn = takeTurns();
  const closing = new AbortController();
  /** Which configuration runs, as far as known. */
  let running: string | undefined;
  let bound: ReadonlySet<string> | undefined;
  let left: Listenable | undefined;
  let next: Promise<undefined | Failure> | undefined;
  let watching = false;

  const atWork = () => running !== undefined && process.alive();

  const modelNow = (): HaproxyModel => ({
    environment,
    paths,
    options: context.options(),
    fronts: [...members.values()].map((member) => member.front()).sort((a, b) => (a.app < b.app ? -1 : 1)),
  });

  /** Which configuration is at work; undefined without one, or while it does not answer. */
  const seen = async (): Promise<string | undefined> => {
    const text = await workers.current(['show backend']);
    if (isFailure(text)) return undefined;
    const prefix = names.made(environment, '');
    return text
      .split('\n')
      .find((line) => line.startsWith(prefix))
      ?.slice(prefix.length);
  };

  const firstLook = async () => {
    if (running !== undefined || !process.alive()) return;
    const config = host.files.read(place.config);
    running = await seen();
    if (running === undefined) return;
    bound ??= typeof config === 'string' ? bindsIn(config) : new Set();
    inForce.found([...members.values()].map((member) => member.front()));
    await workers.look();
    log(`the HAProxy of ${environment} runs already, and is taken over`);
  };

  const applyNow = async (): Promise<undefined | Failure> => {
    if (closing.signal.aborted) return;
    await firstLook();
    if (members.size === 0 && running === undefined) return;
    if (atWork()) await inForce.adopt();
    const wanted = await listenable(modelNow(), (process.alive() && bound) || new Set());
    left = wanted;
    if (wanted.silent.size + wanted.missing.size > 0) again();
    const failure = await inForce.write(wanted.model);
    if (failure) return failure;
    const same = atWork() && running === madeOf(wanted.model);
    return same ? await syncServers(wanted.model) : await replace(wanted.model);
  };

  /** A new process takes over what the files say. */
  const replace = async (model: HaproxyModel): Promise<undefined | Failure> => {
    const made = madeOf(model);
    const reloads = atWork();
    await context.onWorkers();
    const failure =
      (await (reloads ? process.reload() : process.start())) ?? (await untilMade(made, reloads));
    if (failure) {
      running = undefined;
      return failure;
    }
    running = made;
    await workers.look();
    await context.onWorkers();
    const before = bound ?? new Set();
    const now = new Set(model.fronts.flatMap(bindsOf));
    bound = now;
    await untilClosed([...before].filter((bind) => !now.has(bind)));
    void watch();
    return await syncServers(model);
  };

  const untilMade = async (made: string, reloads: boolean): Promise<undefined | Failure> => {
    const deadline = host.clock.now() + answerMs;
    for (let looks = 1; (await seen()) !== made; looks++) {
      const all = looks % 5 === 0 ? await process.workers() : undefined;
      const refused = all && !isFailure(all) && all.failed > 0;
      if (refused || !process.alive() || host.clock.now() > deadline) return notTaken(reloads);
      await host.clock.sleep(lookMs);
    }
    return undefined;
  };

  const notTaken = (reloads: boolean): Failure => {
    const details = process.complaints();
    const code = /cannot bind/.test(details) ? 'no-free-port' : 'edge-not-running';
    const what = reloads ? 'HAProxy does not take its new configuration over' : 'HAProxy does not start';
    return fail(code, `${what} for ${environment}.`, { details, hint: `${place.stdout} says more` });
  };

  const untilClosed = async (binds: readonly string[]): Promise<void> => {
    const deadline = host.clock.now() + 2_000;
    for (const bind of binds)
      while (host.clock.now() < deadline && (await isOpen(bind))) await host.clock.sleep(lookMs);
  };

  const syncServers = (model: HaproxyModel) => keepServers(workers, model);

  const apply = (): Promise<undefined | Failure> => {
    next ??= inTurn('', () => {
      next = undefined;
      return applyNow();
    });
    return next;
  };

  /** Addresses that others hold are tried again. */
  const again = () => {
    const timer = setTimeout(() => void apply(), againMs);
    closing.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };

  /** A process that has died is started again at once, with the files as they are. */
  const watch = async () => {
    if (watching) return;
    watching = true;
    while (!closing.signal.aborted && members.size > 0) {
      await host.clock.sleep(watchMs, closing.signal);
      if (closing.signal.aborted || running === undefined || process.alive()) continue;
      log(`the HAProxy of ${environment} has died and is started again`);
      running = undefined;
      const failure = await apply();
      if (!failure) continue;
      log(`${failure.message} ${failure.details ?? ''}`);
      await host.clock.sleep(1_000, closing.signal);
      running = '';
    }
    watching = false;
  };

  const setNow = async (app: string, shares: Shares): Promise<undefined | Failure> => {
    const member = members.get(app);
    if (!member) return noFront(environment, app);
    const unknown = atWork() ? await inForce.adopt() : await applyNow();
    if (unknown) return unknown;
    const before = member.front().shares;
    member.adopt(shares);
    const failure = (await inForce.set(listened(), app)) ?? (await inForce.verify(app, shares, atWork()));
    if (!failure) return undefined;
    member.adopt(before);
    await inForce.set(listened(), app);
    return failure;
  };

  /** The model now, without what could not be listened on the last time. */
  const listened = (): HaproxyModel => {
    const now = modelNow();
    const fronts = now.fronts.filter(({ app }) => !left?.silent.has(app));
    const heard = ({ app, also }: FrontModel) => also.filter((one) => !left?.missing.get(app)?.includes(one));
    return { ...now, fronts: fronts.map((front) => ({ ...front, also: heard(front) })) };
  };

  return {
    members,
    workers,
    listensAt: (bind) => bound?.has(bind) === true && process.alive(),
    get left() {
      return left ?? { silent: new Set<string>(), missing: new Map<string, readonly string[]>() };
    },
    apply,
    setShare: (app, shares) => inTurn('', () => setNow(app, shares)),
    shares: (app) => inTurn('', () => inForce.read(app, atWork())),
    verify: (app, shares) => inTurn('', () => inForce.verify(app, shares, atWork())),
    async close(stopMs) {
      closing.abort();
      await inTurn('', async () => await process.stop(stopMs));
    },
  };
}

function bindsOf({ address, also }: FrontModel): readonly string[] {
  return [address.host, ...also].map((host) => boundAt(host, address.port));
}
