import type { Host } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Shares } from '../edge.ts';
import { compareShares } from '../share.ts';
import type { Member } from './balancer.ts';
import { writeFiles } from './files.ts';
import { type FrontModel, type HaproxyModel, names, type Paths } from './model.ts';
import { parseMap } from './parse.ts';
import type { Place } from './place.ts';
import { renderMap, splitOfFront } from './render.ts';
import { sharesIn } from './split.ts';
import type { AllWorkers } from './workers.ts';

/** The shares as HAProxy has them, in its map and in the files. Whoever calls these takes care of the turns. */
export interface InForce {
  /** Writes all files as the model says. */
  write(model: HaproxyModel): Promise<undefined | Failure>;
  /** These are written already: what is set otherwise was set by hand. */
  found(fronts: readonly FrontModel[]): void;
  /** What somebody set by hand stays in force: the edge is the truth, and a reload must not undo it. */
  adopt(): Promise<undefined | Failure>;
  /** @param running whether there is anything to ask; else the files decide */
  read(app: string, running: boolean): Promise<Shares | Failure>;
  verify(app: string, shares: Shares, running: boolean): Promise<undefined | Failure>;
  /** Writes the model, and sets the share of one of its fronts in every process. */
  set(model: HaproxyModel, app: string): Promise<undefined | Failure>;
}

export interface InForceContext {
  readonly host: Host;
  readonly environment: string;
  readonly place: Place;
  readonly paths: Paths;
  readonly members: ReadonlyMap<string, Member>;
  readonly workers: AllWorkers;
  readonly log: (line: string) => void;
}

export function sharesInForce(context: InForceContext): InForce {
  const { host, environment, place, paths, members, workers, log } = context;
  let written: readonly FrontModel[] = [];
  const keyOf = (app: string) => names.front(environment, app);

  const mapNow = async (): Promise<ReadonlyMap<string, string> | Failure> => {
    const text = await workers.current([`show map ${paths.map}`]);
    return isFailure(text) ? text : parseMap(text);
  };

  const write = async (model: HaproxyModel): Promise<undefined | Failure> => {
    written = model.fronts;
    return await writeFiles(place, model);
  };

  const read = async (app: string, running: boolean): Promise<Shares | Failure> => {
    const front = members.get(app)?.front();
    if (!front) return noFront(environment, app);
    const map = running ? await mapNow() : undefined;
    if (isFailure(map)) return map;
    const split = map?.get(keyOf(app));
    if (split === undefined || split === splitOfFront(front)) return front.shares;
    return sharesIn(homesOf(front), split) ?? unreadable(environment, app, split);
  };

  /** What is wrong with the file; a reload would bring it in force. */
  const wrongFile = (app: string): undefined | Failure => {
    const file = host.files.read(place.map);
    const lines = typeof file === 'string' ? file.split('\n') : [];
    const found = lines.find((line) => line.startsWith(`${keyOf(app)} `));
    const front = members.get(app)?.front();
    const expected = front ? renderMap({ environment, fronts: [front] }).trim() : '';
    if (found === expected) return undefined;
    const hint = 'a reload would bring it in force; set the share again';
    const message = `${place.map} says otherwise than what is in force for ${app}.`;
    return fail('share-differs', message, { found: found ?? 'nothing', expected, hint });
  };

  return {
    write,
    read,
    found(fronts) {
      written = fronts;
    },
    async adopt() {
      const map = await mapNow();
      if (isFailure(map)) return map;
      for (const front of written) {
        const split = map.get(keyOf(front.app));
        if (split === undefined || split === splitOfFront(front)) continue;
        const shares = sharesIn(homesOf(front), split);
        if (!shares) continue;
        log(`the shares of ${front.app} in ${environment} were set by others: ${JSON.stringify(shares)}`);
        members.get(front.app)?.adopt(shares);
      }
      return undefined;
    },
    async verify(app, shares, running) {
      const now = await read(app, running);
      return isFailure(now) ? now : (compareShares(app, now, shares) ?? wrongFile(app));
    },
    async set(model, app) {
      const front = model.fronts.find((one) => one.app === app);
      if (!front) return noFront(environment, app);
      const failure = await write(model);
      if (failure) return failure;
      const answer = await workers.tell([`set map ${paths.map} ${keyOf(app)} ${splitOfFront(front)}`]);
      return isFailure(answer) ? answer : undefined;
    },
  };
}

export function noFront(environment: string, app: string): Failure {
  return fail('no-front', `The edge has no front for ${app} in ${environment}.`);
}

function unreadable(environment: string, app: string, found: string): Failure {
  return fail('share-differs', `The map of HAProxy has no shares for ${app} in ${environment}.`, { found });
}

function homesOf({ homes }: FrontModel): readonly string[] {
  return homes.map(({ home }) => home);
}
