import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import { number, parseJson, record, text } from '../../json.ts';
import type { WatchEvent } from '../cluster.ts';
import { type Asked, failureOf } from './status.ts';

const types = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'] as const;

/** One line of a watch: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export function watchEvent(line: string, asked: Asked): WatchEvent | Failure {
  const event = record(parseJson(line));
  const object = record(event['object']);
  const type = types.find((one) => one === event['type']);
  if (type) return { type, object };
  if (event['type'] !== 'ERROR') {
    return fail('server-error', `The watch of ${asked.kind.plural} holds what is no event.`, {
      found: (text(event['type']) ?? line).slice(0, 100),
    });
  }
  return failureOf(asked, { status: number(object['code']) ?? 500, body: JSON.stringify(object) });
}

/** What `lines` says of an answer that is none, in the API's own words. */
export function refusalOf(failure: Failure, asked: Asked): Failure {
  const status = Number(/^HTTP (\d+)$/.exec(failure.found ?? '')?.[1]);
  return Number.isNaN(status) ? failure : failureOf(asked, { status, body: failure.details ?? '' });
}

export async function* watched(
  lines: AsyncIterable<string | Failure>,
  asked: Asked,
): AsyncGenerator<WatchEvent | Failure> {
  for await (const line of lines) {
    const event = isFailure(line) ? refusalOf(line, asked) : watchEvent(line, asked);
    yield event;
    if (isFailure(event)) return;
  }
}
