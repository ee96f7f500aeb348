import type { Environment, HomeConfig } from '../manifest/workspace.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Residency } from '../model/residence.ts';
import type { Resident } from '../platforms/platform.ts';
import { inventoryOf } from './residence.ts';
import type { Wired } from './wired.ts';

export interface RegisteredResident extends Resident {
  /** As remembered; undefined where the store knows nothing of it. */
  readonly residency?: Residency;
}

/** What runs in a home, seen there, with what the store remembers of it. */
export async function residentsOf(
  wired: Wired,
  environment: Environment,
  config: HomeConfig,
): Promise<readonly RegisteredResident[] | Failure> {
  const residents = await inventoryOf(wired, environment, config);
  if (isFailure(residents)) return residents;
  const residences = await wired.store.residences();
  if (isFailure(residences)) return residences;
  return residents.map((resident) => {
    const residence = residences.find(
      (one) => one.app === resident.app && one.environment === environment.name,
    );
    const residency = residence?.homes.find(({ home }) => home === config.name);
    return residency ? { ...resident, residency } : resident;
  });
}
