import type { Clock } from '../../host/host.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { list, number, parseJson, record, text } from '../json.ts';
import type { Endpoint } from '../platform.ts';
import { serviceName } from './names.ts';
import type { Supervisor } from './supervisor.ts';

const againMs = 500;

/**
 * See `Home.endpoints`. The supervisor tells the list without an instance first and asks for its drain then; by
 * the time the second message is read here, the follower has asked for the value after that list.
 */
export async function* endpoints(
  supervisor: Supervisor,
  clock: Clock,
  app: string,
  signal: AbortSignal,
): AsyncIterable<readonly Endpoint[] | Failure> {
  const service = serviceName(app);
  const path = `${supervisor.path('services', service)}/endpoints?watch=true&hold=true`;
  let told: string | undefined;
  while (!signal.aborted) {
    for await (const event of supervisor.api.events(path, { signal })) {
      if (isFailure(event)) {
        yield event;
        continue;
      }
      const data = record(parseJson(event.data));
      if (event.event === 'drain') await supervisor.acknowledge(service, text(data['id']) ?? '');
      if (event.event !== 'endpoints') continue;
      const now = list(data['endpoints']).map(endpointOf);
      const written = JSON.stringify(now);
      if (written !== told) yield now;
      told = written;
    }
    await clock.sleep(againMs, signal);
  }
}

function endpointOf({ id, host, port }: Readonly<Record<string, unknown>>): Endpoint {
  return { id: text(id) ?? '', host: text(host) ?? '', port: number(port) ?? 0 };
}
