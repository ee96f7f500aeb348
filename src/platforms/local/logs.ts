import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { type Json, list, parseJson, record, text } from '../json.ts';
import type { LogLine, LogQuery } from '../platform.ts';
import { serviceName } from './names.ts';
import type { Supervisor } from './supervisor.ts';

/** See `Home.logs`. */
export async function* logs(supervisor: Supervisor, query: LogQuery): AsyncIterable<LogLine | Failure> {
  const { app, tail, follow, signal } = query;
  const service = serviceName(app);
  const path = `/logs?tail=${tail}`;
  const found = await supervisor.get('services', service, { query: path, signal });
  if (isFailure(found)) return yield found;
  if (!found) return yield fail('unknown-app', `Nothing runs under the name ${app} here.`);
  if (!follow) return yield* list(found['lines']).map(lineOf);
  const stream = `${supervisor.path('services', service)}${path}&follow=true`;
  for await (const event of supervisor.api.events(stream, signal ? { signal } : {})) {
    yield isFailure(event) ? event : lineOf(record(parseJson(event.data)));
  }
}

function lineOf({ source, line }: Json): LogLine {
  return { source: text(source) ?? '', line: text(line) ?? '' };
}
