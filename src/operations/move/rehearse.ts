import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Endpoint } from '../../platforms/platform.ts';
import { endpointsIn } from './instances.ts';
import type { Done, Performing } from './perform.ts';

const timeoutMs = 10_000;

/**
 * Asks every instance of the dark home what is safe to ask, the path of the health check; each must answer with the
 * status that the old one answers with. The staged tests were part of the deployment that brought the release there.
 */
export async function rehearse(performing: Performing, release: string): Promise<Done | Failure> {
  const { site, looked, signal } = performing;
  const { marks } = looked.observation;
  const [old, fresh] = await Promise.all([
    endpointsIn(site, looked.from, signal),
    endpointsIn(site, looked.to, signal),
  ]);
  const paths = pathsOf(performing);
  const example = old?.[0];
  if (!fresh && looked.to.connected?.platform.capabilities.endpoints) {
    return fail('unreachable', `Where the instances in ${looked.to.seen.home} are could not be asked.`);
  }
  if (!fresh || !example || paths.length === 0) {
    return { message: 'not asked: nothing that could be', marks: { ...marks, rehearsed: release } };
  }
  const first = await statusOf(performing, example, paths[0] ?? '/');
  if (isFailure(first)) {
    const message = `not asked: the old home does not answer here either (${first.message})`;
    return { message, marks: { ...marks, rehearsed: release } };
  }
  for (const path of paths) {
    const failure = await askAll(performing, path, example, fresh);
    if (failure) return failure;
  }
  const message = `${paths.join(', ')} answered alike by ${fresh.length} ${fresh.length === 1 ? 'instance' : 'instances'}`;
  return { message, marks: { ...marks, rehearsed: release } };
}

function pathsOf({ looked }: Performing): readonly string[] {
  const services = looked.to.model?.services ?? [];
  return [...new Set(services.flatMap(({ health }) => (health?.path ? [health.path] : [])))];
}

async function askAll(
  performing: Performing,
  path: string,
  example: Endpoint,
  fresh: readonly Endpoint[],
): Promise<Failure | undefined> {
  const expected = await statusOf(performing, example, path);
  // What the old home cannot answer either is no question.
  if (isFailure(expected)) return undefined;
  for (const endpoint of fresh) {
    const found = await statusOf(performing, endpoint, path);
    if (isFailure(found)) return fail('rehearsal-failed', `GET ${path} in the new home: ${found.message}`);
    if (found === expected) continue;
    const message = `GET ${path} is answered with ${found} in the new home, and with ${expected} in the old one.`;
    return fail('rehearsal-failed', message, { found: String(found), expected: String(expected) });
  }
  return undefined;
}

async function statusOf({ site, signal }: Performing, { host, port }: Endpoint, path: string) {
  const url = `http://${host}:${port}${path}`;
  const answer = await site.wired.host.http.request({ url, timeoutMs, signal });
  return isFailure(answer) ? answer : answer.status;
}
