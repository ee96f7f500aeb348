import type { Host } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { takeTurns } from '../daemon/turns.ts';
import type { Shares } from '../edge.ts';
import { compareShares } from '../share.ts';
import { writeFiles } from './files.ts';
import { bindsIn, isOpen, type Listenable, listenable } from './listening.ts';
import { type FrontModel, type HaproxyModel, names, type Options, type Paths } from './model.ts';
import { parseMap } from './parse.ts';
import type { Place } from './place.ts';
import type { HaproxyProcess } from './process.ts';
import { madeOf, renderMap, splitOfFront } from './render.ts';
import type { RuntimeApi } from './runtime-api.ts';
import { sharesIn } from './split.ts';
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
  const inTurn = takeTurns();
  const closing = new AbortController();
  /** Which configuration runs, as far as known. */
  let running: string | undefined;
  let bound: ReadonlySet<string> | undefined;
  let written: readonly FrontModel[] = [];
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

  const mapNow = async (): Promise<ReadonlyMap<string, string> | Failure> => {
    const text = await workers.current([`show map ${paths.map}`]);
    return isFailure(text) ? text : parseMap(text);
  };

  /** What somebody set by hand stays in force: the edge is the truth, and a reload must not undo it. */
  const adopt = async (): Promise<undefined | Failure> => {
    const inForce = await mapNow();
    if (isFailure(inForce)) return inForce;
    for (const front of written) {
      const split = inForce.get(names.front(environment, front.app));
      if (split === undefined || split === splitOfFront(front)) continue;
      const shares = sharesIn(homesOf(front), split);
      if (shares)
        log(`the shares of ${front.app} in ${environment} were set by others: ${JSON.stringify(shares)}`);
      if (shares) members.get(front.app)?.adopt(shares);
    }
    return undefined;
  };

  const write = async (model: HaproxyModel): Promise<undefined | Failure> => {
    written = model.fronts;
    return await writeFiles(place, model);
  };

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
    written = [...members.values()].map((member) => member.front());
    await workers.look();
    log(`the HAProxy of ${environment} runs already, and is taken over`);
  };

  const applyNow = async (): Promise<undefined | Failure> => {
    if (closing.signal.aborted) return;
    await firstLook();
    if (members.size === 0 && running === undefined) return;
    if (atWork()) await adopt();
    const wanted = await listenable(modelNow(), (process.alive() && bound) || new Set());
    left = wanted;
    if (wanted.silent.size + wanted.missing.size > 0) again();
    const failure = await write(wanted.model);
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
    if (!member) return noFront(app);
    const unknown = atWork() ? await adopt() : await applyNow();
    if (unknown) return unknown;
    const before = member.front().shares;
    member.adopt(shares);
    const failure = (await writeAndSet(app)) ?? (await verifyNow(app, shares));
    if (!failure) return undefined;
    member.adopt(before);
    await writeAndSet(app);
    return failure;
  };

  const writeAndSet = async (app: string): Promise<undefined | Failure> => {
    const silent = left?.silent ?? new Set();
    const now = modelNow();
    const model = {
      ...now,
      fronts: now.fronts.filter((front) => !silent.has(front.app)).map(withoutMissing),
    };
    const front = model.fronts.find((one) => one.app === app);
    if (!front) return noFront(app);
    const failure = await write(model);
    if (failure) return failure;
    const key = names.front(environment, app);
    const answer = await workers.tell([`set map ${paths.map} ${key} ${splitOfFront(front)}`]);
    return isFailure(answer) ? answer : undefined;
  };

  const withoutMissing = (front: FrontModel): FrontModel => {
    const missing = left?.missing.get(front.app) ?? [];
    return { ...front, also: front.also.filter((address) => !missing.includes(address)) };
  };

  const sharesNow = async (app: string): Promise<Shares | Failure> => {
    const front = members.get(app)?.front();
    if (!front) return noFront(app);
    const map = running === undefined ? undefined : await mapNow();
    if (isFailure(map)) return map;
    const split = map?.get(names.front(environment, app));
    const asWritten = split === undefined || split === splitOfFront(front);
    return asWritten ? front.shares : (sharesIn(homesOf(front), split) ?? unreadable(app, split));
  };

  const verifyNow = async (app: string, shares: Shares): Promise<undefined | Failure> => {
    const inForce = await sharesNow(app);
    if (isFailure(inForce)) return inForce;
    const differs = compareShares(app, inForce, shares);
    if (differs) return differs;
    const file = host.files.read(place.map);
    const key = names.front(environment, app);
    const front = members.get(app)?.front();
    const expected = front && renderMap({ ...modelNow(), fronts: [front] }).trim();
    const line =
      typeof file === 'string' ? file.split('\n').find((one) => one.startsWith(`${key} `)) : undefined;
    if (line === expected) return undefined;
    return fail('share-differs', `${place.map} says otherwise than what is in force for ${app}.`, {
      found: line ?? 'nothing',
      expected: expected ?? '',
      hint: 'a reload would bring it in force; set the share again',
    });
  };

  const noFront = (app: string) => fail('no-front', `The edge has no front for ${app} in ${environment}.`);
  const unreadable = (app: string, found: string) =>
    fail('share-differs', `The map of HAProxy has no shares for ${app} in ${environment}.`, { found });

  return {
    members,
    workers,
    listensAt: (bind) => bound?.has(bind) === true && process.alive(),
    get left() {
      return left ?? { silent: new Set<string>(), missing: new Map<string, readonly string[]>() };
    },
    apply,
    setShare: (app, shares) => inTurn('', () => setNow(app, shares)),
    shares: (app) => inTurn('', () => sharesNow(app)),
    verify: (app, shares) => inTurn('', () => verifyNow(app, shares)),
    async close(stopMs) {
      closing.abort();
      await inTurn('', async () => await process.stop(stopMs));
    },
  };
}

function homesOf({ homes }: FrontModel): readonly string[] {
  return homes.map(({ home }) => home);
}

function bindsOf({ address, also }: FrontModel): readonly string[] {
  return [address.host, ...also]
    .map((one) => (one.includes(':') ? `[${one}]` : one))
    .map((one) => `${one}:${address.port}`);
}
