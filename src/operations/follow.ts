import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Endpoint } from '../platforms/platform.ts';
import { connectHome, type Reach } from './connect.ts';

/**
 * Where the instances of an app in a home are, for whoever follows them: see `Home.endpoints`. `open` is asked
 * each time, so that a workspace that changed, or a lab that moved, is found by the next try.
 */
export function follower(open: () => Reach | Failure) {
  return async function* follow(
    app: string,
    environmentName: string,
    homeName: string,
    signal: AbortSignal,
  ): AsyncIterable<readonly Endpoint[] | Failure> {
    const reach = open();
    if (isFailure(reach)) return yield reach;
    const environment = reach.workspace.environments[environmentName];
    const config = environment?.homes.find(({ name }) => name === homeName);
    if (!environment || !config) {
      return yield fail('unknown-home', `rehome.yaml has no home ${environmentName}.${homeName} any more.`);
    }
    const connected = await connectHome(reach, environment, config);
    if (isFailure(connected)) return yield connected;
    yield* connected.home.endpoints(app, signal);
  };
}
