import { type Failure, isFailure } from '../model/failure.ts';
import type { Residency } from '../model/residence.ts';
import type { Home } from '../platforms/platform.ts';
import { decidesAmong } from '../process/dark.ts';
import type { Registration } from './residence.ts';
import type { ConnectedHome, Wired } from './wired.ts';

/** The live side of homes that a deployment goes to. A dark one that cannot be reached stays behind, and says why. */
export async function connectAll(
  wired: Wired,
  { environment, residence, homes }: Registration,
): Promise<ReadonlyMap<string, ConnectedHome> | Failure> {
  const asked = residence.homes.filter(({ home }) => homes.some(({ name }) => name === home));
  const connected = new Map<string, ConnectedHome>();
  for (const config of homes) {
    const home = await connectOne(wired, environment, config, asked);
    if (isFailure(home)) return home;
    connected.set(config.name, home);
  }
  return connected;
}

/** @param asked every home that the deployment goes to */
export async function connectOne(
  wired: Wired,
  environment: Registration['environment'],
  config: Registration['homes'][number],
  asked: readonly Residency[],
): Promise<ConnectedHome | Failure> {
  const connected = await wired.connect(environment, config);
  const own = asked.find(({ home }) => home === config.name);
  if (!isFailure(connected) || !own || decidesAmong(asked, own)) return connected;
  const placed = wired.platformOf(environment, config);
  return isFailure(placed) ? placed : { ...placed, home: silent(connected) };
}

/** A home that answers every question with why it cannot be asked. */
function silent(why: Failure): Home {
  async function* once() {
    yield why;
  }
  const says = async () => why;
  return {
    observe: says,
    apply: says,
    ready: says,
    changed: async () => {},
    runJob: says,
    setDuty: says,
    runsSince: says,
    inventory: says,
    endpoints: once,
    logs: once,
  };
}
