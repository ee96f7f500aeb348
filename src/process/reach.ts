import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { DeployContext, DeployHome } from './context.ts';
import { homesThatCame, isDark } from './dark.ts';

/** How long an instance is waited for, ms. */
const waitMs = 10_000;

/**
 * Where the release of this deployment answers, as URLs: at the app's stable address; where that leads to none of its
 * homes, or where there is none, at one instance of each home. Empty where instances have no addresses either.
 */
export async function reach(context: DeployContext): Promise<readonly string[] | Failure> {
  const { front } = context;
  if (front && !isDark(context)) return [`http://${front.address.host}:${front.address.port}`];
  const urls: string[] = [];
  for (const home of homesThatCame(context)) {
    if (!home.platform.capabilities.endpoints) continue;
    const url = await instanceOf(context, home);
    if (isFailure(url)) return url;
    urls.push(url);
  }
  return urls;
}

async function instanceOf(
  { app, environment, signal }: DeployContext,
  { name, home }: DeployHome,
): Promise<string | Failure> {
  const late = AbortSignal.timeout(waitMs);
  let why = 'it has none';
  for await (const endpoints of home.endpoints(app, AbortSignal.any([signal, late]))) {
    if (isFailure(endpoints)) why = endpoints.message;
    else if (endpoints[0]) return `http://${endpoints[0].host}:${endpoints[0].port}`;
  }
  return fail('unreachable', `No instance of ${app} in ${environment}.${name} could be asked: ${why}.`);
}
