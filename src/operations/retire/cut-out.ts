import { join } from 'node:path';
import { cutHome } from '../../manifest/cut-home.ts';
import { findWhere } from '../../manifest/where.ts';
import type { Environment, HomeConfig } from '../../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Change } from '../../model/native.ts';
import { neighbour } from '../../process/neighbours.ts';
import { releaseOf } from '../../process/previous.ts';
import type { CutOutRequest, EmptiedHome } from '../retirements.ts';
import type { Wired } from '../wired.ts';
import { type Contents, contentsOf } from './contents.ts';
import { referencesTo } from './references.ts';
import { unifiedDiff } from './unified-diff.ts';

const file = 'rehome.yaml';

/** See `RetireOperations.planCutOut`. */
export async function planCutOut(wired: Wired, request: CutOutRequest): Promise<EmptiedHome | Failure> {
  const looked = await look(wired, request);
  return isFailure(looked) ? looked : looked.emptied;
}

/** See `RetireOperations.cutOut`. Leftovers first: a home that is not in rehome.yaml cannot be reached any more. */
export async function cutOut(wired: Wired, request: CutOutRequest): Promise<EmptiedHome | Failure> {
  const looked = await look(wired, request);
  if (isFailure(looked)) return looked;
  const { emptied, text, leftovers, place } = looked;
  const { keeps, environment, home } = emptied;
  if (keeps.length > 0) {
    return fail('still-needed', `${environment}.${home} cannot be cut out: ${keeps.join('; ')}.`);
  }
  const failure = leftovers.length > 0 ? await clear(wired, place, leftovers) : undefined;
  if (failure) return failure;
  return wired.host.files.write(join(wired.workspace.root, file), text) ?? emptied;
}

interface Emptied {
  readonly environment: Environment;
  readonly home: HomeConfig;
}

async function look(wired: Wired, { where, gone }: CutOutRequest) {
  const place = homeAt(wired, where);
  if (isFailure(place)) return place;
  const { environment, home } = place;
  const before = wired.host.files.read(join(wired.workspace.root, file));
  if (isFailure(before)) return before;
  const cut = cutHome(before ?? '', environment.name, home.name);
  if (isFailure(cut)) return cut;
  const registered = await registeredIn(wired, place);
  if (isFailure(registered)) return registered;
  const contents = gone ? none : await contentsOf(wired, environment, home);
  if (isFailure(contents)) return contents;
  const last = environment.homes.length === 1;
  const keeps = [
    ...registered,
    ...contents.apps.map((app) => `${app} runs there`),
    ...(last ? [`it is the only home of ${environment.name}: take the environment out by hand`] : []),
  ];
  const emptied: EmptiedHome = {
    environment: environment.name,
    home: home.name,
    platform: home.platform,
    keeps,
    references: [...own(cut, environment, home), ...referencesTo(wired, environment, home, cut)],
    leftovers: contents.leftovers.map(({ object }) => object),
    others: contents.others,
    patch: last ? '' : unifiedDiff(file, before ?? '', cut.text),
  };
  return { emptied, text: cut.text, leftovers: contents.leftovers, place };
}

const none: Contents = { apps: [], leftovers: [], others: [] };

function homeAt({ workspace }: Wired, text: string): Emptied | Failure {
  const where = findWhere(workspace, text);
  if (isFailure(where)) return where;
  const { environment, home } = where;
  if (home) return { environment, home };
  return fail('usage', `${text} is an environment; a home is cut out.`, {
    found: text,
    expected: environment.homes.map(({ name }) => `${environment.name}.${name}`).join(', '),
  });
}

async function registeredIn({ store }: Wired, { environment, home }: Emptied) {
  const residences = await store.residences();
  if (isFailure(residences)) return residences;
  const here = residences.filter(
    (one) =>
      one.environment === environment.name && one.homes.some((residency) => residency.home === home.name),
  );
  const moves = await store.moves({ environment: environment.name, status: 'running' });
  if (isFailure(moves)) return moves;
  const moving = moves.filter(({ from, to }) => from === home.name || to === home.name);
  return [
    ...here.map(
      ({ app }) =>
        `${app} is registered there: rehome retire ${app} -e ${environment.name} --from ${home.name}`,
    ),
    ...moving.map(({ app, move }) => `move ${move} of ${app} is running`),
  ];
}

function own(
  lines: { readonly from: number; readonly to: number },
  environment: Environment,
  home: HomeConfig,
) {
  const others = environment.homes.filter((one) => one !== home);
  const next = others.find((one) => one.default) ?? others[0];
  const first = environment.homes.find((one) => one.default) ?? environment.homes[0];
  const what =
    first === home && next
      ? `goes with it; apps that are new in ${environment.name} begin in ${next.name} from then on`
      : 'goes with it';
  return [{ file, line: lines.from, text: `${environment.name}.homes.${home.name}`, what }];
}

async function clear(
  wired: Wired,
  { environment, home }: Emptied,
  leftovers: Contents['leftovers'],
): Promise<undefined | Failure> {
  const connected = await wired.connect(environment, home);
  if (isFailure(connected)) return connected;
  const { stage } = environment;
  for (const app of new Set(leftovers.map((one) => one.app))) {
    const changes: readonly Change[] = leftovers
      .filter((one) => one.app === app)
      .map(({ object, before }) => ({ action: 'delete', object, home: home.name, fields: [], before }));
    const model = neighbour(app, { environment: environment.name, stage });
    const release = releaseOf(model, `cut-${home.name}`);
    const failure = await connected.home.apply(changes, { release, reveal: wired.reveal });
    if (failure) return failure;
  }
  return undefined;
}
