import { type Failure, isFailure } from '../../model/failure.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { type Behind, forgiven, homesThatCame } from '../dark.ts';
import { lookAtNeighbour } from '../neighbours.ts';
import { releaseOf } from '../previous.ts';
import { done, type Step } from '../step.ts';
import { write } from '../write.ts';

/**
 * What the app needs beside itself: what its features say has to be there, and the addresses of apps that live
 * elsewhere. What others may use by now stays when the deployment is undone.
 */
export const ensure: Step = {
  name: 'ensure',
  summary: 'Makes sure that what the app needs beside itself is there.',
  async run(context) {
    const told: string[] = [];
    const behind: string[] = [];
    for (const home of homesThatCame(context)) {
      const made = await prepareHome(context, home);
      if (forgiven(context, home, made)) behind.push(home.name);
      else if (isFailure(made)) return made;
      told.push(isFailure(made) ? `${home.name} has no share and stays behind: ${made.message}` : made);
    }
    const made = told.filter((text) => text !== '');
    const message = made.length > 0 ? made.join('; ') : 'nothing had to be made';
    return done(`env of ${variables(context)}; ${message}`, { behind } satisfies Behind);
  },
};

function variables({ homes }: DeployContext): string {
  const names = new Set(homes.flatMap(({ app }) => app.services.flatMap(({ env }) => Object.keys(env))));
  return names.size === 1 ? '1 variable' : `${names.size} variables`;
}

async function prepareHome(context: DeployContext, home: DeployHome): Promise<string | Failure> {
  const made: string[] = [];
  for (const backing of home.app.backing ?? []) {
    const one = await context.provision(backing, context.signal);
    if (isFailure(one)) return one;
    if (one !== undefined) made.push(`${home.name}: ${one}`);
  }
  const addressed = await addressNeighbours(context, home);
  if (isFailure(addressed)) return addressed;
  return [...made, ...(addressed === '' ? [] : [addressed])].join('; ');
}

/** Apps that live elsewhere get their address in this home. */
async function addressNeighbours(context: DeployContext, home: DeployHome): Promise<string | Failure> {
  const made: string[] = [];
  for (const neighbour of home.neighbours) {
    const looked = await lookAtNeighbour(home, neighbour, context);
    if (isFailure(looked)) return looked;
    if (looked.changes.length === 0) continue;
    const failure = await write(context, home, looked.changes, releaseOf(neighbour, context.id));
    if (failure) return failure;
    made.push(neighbour.name);
  }
  return made.length > 0 ? `${home.name}: the address of ${made.join(', ')}` : '';
}
