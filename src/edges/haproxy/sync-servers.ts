import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { HaproxyModel } from './model.ts';
import { parseServers, type ServerState } from './parse.ts';
import { differing, serverCommands } from './sync.ts';
import type { AllWorkers } from './workers.ts';

const mostTries = 3;

/** Puts instances where the model says in every process, and reads back that they are. Failure: `edge-not-running`. */
export async function keepServers(workers: AllWorkers, model: HaproxyModel): Promise<undefined | Failure> {
  let said = '';
  for (let tries = 0; tries < mostTries; tries++) {
    const states = await serversOf(workers);
    if (isFailure(states)) return states;
    const commands = serverCommands(model, states);
    if (commands.length === 0) return missing(differing(model, states), said);
    const told = await workers.tell(commands);
    if (isFailure(told)) return told;
    said = told;
  }
  const states = await serversOf(workers);
  return isFailure(states) ? states : missing(differing(model, states), said);
}

async function serversOf(workers: AllWorkers): Promise<readonly ServerState[] | Failure> {
  const text = await workers.current(['show servers state']);
  return isFailure(text) ? text : parseServers(text);
}

function missing(servers: readonly string[], details: string): Failure | undefined {
  if (servers.length === 0) return undefined;
  const found = servers.slice(0, 5).join(', ');
  return fail('edge-not-running', 'HAProxy does not take over where instances are.', { found, details });
}
