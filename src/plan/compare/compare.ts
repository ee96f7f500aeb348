import type { App, Cron, Service } from '../../model/app.ts';
import {
  type Acceptance,
  type AppComparison,
  type Difference,
  verdicts,
  worst,
} from '../../model/comparison.ts';
import { accept } from './accept.ts';
import { compareCron } from './crons.ts';
import { difference, pairs, unlike } from './found.ts';
import { compareNotes } from './notes.ts';
import { compareRoutes } from './routes.ts';
import { compareService } from './service.ts';
import type { Pair, SideNote } from './side.ts';
import { compareWorkload } from './workload.ts';

/** How one app behaves in two homes, as it is live in both; not how the homes spell it. */
export function compare(pair: Pair, acceptances: readonly Acceptance[] = []): AppComparison {
  const { name } = pair.left.app;
  const found = [
    ...ofApp(pair),
    ...ofServices(pair),
    ...ofCrons(pair),
    ...ofJobs(pair),
    ...compareRoutes(pair),
  ];
  const told = (one: SideNote) => found.some(({ path }) => path === one.about && /\.schedule$/.test(path));
  const all = withoutRepeats([...found, ...compareNotes(pair, told)]);
  return verdictOn(name, accept(name, all, acceptances, pair.now));
}

/** An app that only one of the homes has. */
export function compareAlone(
  app: Pick<App, 'name' | 'version'>,
  { left, right }: { readonly left?: string; readonly right?: string },
  acceptances: readonly Acceptance[],
  now: number,
): AppComparison {
  const [l, r] = [left && app.version, right && app.version];
  const why = `only ${left ?? right} has it`;
  return verdictOn(app.name, accept(app.name, [difference('app', l, r, 'blocking', why)], acceptances, now));
}

function verdictOn(app: string, differences: readonly Difference[]): AppComparison {
  const sorted = verdicts
    .toReversed()
    .flatMap((verdict) => differences.filter((one) => one.verdict === verdict));
  return { app, verdict: worst(sorted), differences: sorted };
}

function ofApp({ left, right }: Pair): readonly Difference[] {
  const [l, r] = [left.app, right.app];
  return [
    ...unlike('version', l.version, r.version, 'versions differ'),
    ...unlike('schema', l.schema, r.schema, 'they want different versions of the data').map((one) =>
      l.schema === l.version && r.schema === r.version
        ? { ...one, verdict: 'equivalent' as const, why: 'it follows the version' }
        : one,
    ),
    ...unlike('uses', l.uses.toSorted(), r.uses.toSorted(), 'they call different apps'),
  ];
}

function ofServices(pair: Pair): readonly Difference[] {
  return pairs<Service>(pair.left.app.services, pair.right.app.services).flatMap(({ name, left, right }) =>
    left && right ? compareService(left, right, pair) : missing(`services.${name}`, left, right, pair),
  );
}

function ofCrons(pair: Pair): readonly Difference[] {
  return pairs<Cron>(pair.left.app.crons, pair.right.app.crons).flatMap(({ name, left, right }) =>
    left && right ? compareCron(left, right, pair) : missing(`crons.${name}`, left, right, pair),
  );
}

/** Homes rarely keep what runs once; where both do, it is compared. */
function ofJobs(pair: Pair): readonly Difference[] {
  return pairs(pair.left.app.jobs, pair.right.app.jobs).flatMap(({ name, left, right }) => {
    const path = `jobs.${name}`;
    if (!left || !right) return [];
    return [
      ...compareWorkload(path, left, right, pair),
      ...unlike(`${path}.purpose`, left.purpose, right.purpose, 'it is for something else'),
      ...unlike(`${path}.timeoutMs`, left.timeoutMs, right.timeoutMs, 'ms that it may take'),
    ];
  });
}

function missing(
  path: string,
  left: Service | Cron | undefined,
  right: Service | Cron | undefined,
  pair: Pair,
): readonly Difference[] {
  const { home } = left ? pair.left : pair.right;
  const shown = (one: Service | Cron | undefined) => one && (one.command ?? one.image);
  return [difference(path, shown(left), shown(right), 'blocking', `only ${home} has it`)];
}

/** Crons have the image and the variables of their app: what is told of the service is not told again. */
function withoutRepeats(differences: readonly Difference[]): readonly Difference[] {
  const seen = new Set<string>();
  return differences.filter(({ path, left, right, verdict, why }) => {
    const [, room, aspect] =
      /^(services|crons|jobs)\.(?:.*)\.((?:env[.[].*|image|memory|cpus|cpuLimit))$/.exec(path) ?? [];
    if (aspect === undefined) return true;
    const key = JSON.stringify([aspect, left, right, verdict, why]);
    if (room !== 'services' && seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
