import type { Host } from '../host/host.ts';
import type { Environment, HomeConfig, Workspace } from '../manifest/workspace.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Platform, Reveal } from '../platforms/platform.ts';
import { resolveLab } from './lab.ts';
import type { ConnectedHome, PlatformHome } from './wired.ts';

export interface Reach {
  readonly workspace: Workspace;
  readonly host: Host;
  readonly reveal: Reveal;
  readonly platforms: readonly Platform[];
}

/** The live side of a home. `unknown-platform`, `lab-not-running`. */
export async function connectHome(
  reach: Reach,
  environment: Environment,
  config: HomeConfig,
): Promise<ConnectedHome | Failure> {
  const placed = placeHome(reach, environment, config);
  if (isFailure(placed)) return placed;
  const settings = await resolveLab(reach, environment, config.settings);
  if (isFailure(settings)) return settings;
  const { host, reveal, workspace } = reach;
  const context = { host, environment: environment.name, home: config.name, root: workspace.root, reveal };
  return { ...placed, home: placed.platform.connect(settings, context) };
}

/** What is known of a home without a look at anything live. */
export function placeHome(
  { platforms }: Pick<Reach, 'platforms'>,
  environment: Environment,
  { name, platform: wanted, settings }: HomeConfig,
): PlatformHome | Failure {
  const platform = platforms.find((candidate) => candidate.name === wanted);
  const { domain, tls } = environment;
  const hosts = { ...(domain ? { domain } : {}), ...(tls ? { tls } : {}) };
  if (platform)
    return { platform, target: { environment: environment.name, home: name, settings, ...hosts } };
  return fail('unknown-platform', `Home ${environment.name}.${name} is on the unknown platform ${wanted}.`, {
    found: wanted,
    expected: platforms.map((known) => known.name).join(', '),
  });
}
