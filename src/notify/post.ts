import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { NotifyContext } from './notifier.ts';

const timeoutMs = 10_000;

/** Sends JSON; anything but a 2xx is a failure. The address itself may be a secret: only its host is named. */
export async function post(
  url: string,
  json: unknown,
  idempotencyKey: string,
  { host, signal }: NotifyContext,
): Promise<Failure | undefined> {
  const headers = { 'Idempotency-Key': idempotencyKey };
  const answer = await host.http.request({
    url,
    method: 'POST',
    json,
    headers,
    timeoutMs,
    ...(signal ? { signal } : {}),
  });
  const receiver = new URL(url).host;
  if (isFailure(answer))
    return fail('unreachable', `The message to ${receiver} was not delivered: no answer.`);
  if (answer.status >= 200 && answer.status < 300) return undefined;
  return fail('refused', `The message to ${receiver} was not delivered: it answered ${answer.status}.`);
}
