import type { IncomingMessage, ServerResponse } from 'node:http';
import { nobody, search } from './find.ts';
import type { LiveFront, Picked } from './front.ts';
import { isRepeatable, prepareRequest } from './headers.ts';
import type { RequestProxy } from './proxy.ts';

/** A request that was cut off without an answer is repeated at most so often. */
const mostLosses = 3;

/**
 * Serves one request: finds an instance that takes a connection, sends it there and passes the answer on.
 * A request that may have been carried out is only repeated when that is harmless (`isRepeatable`).
 */
export async function serve(
  proxy: RequestProxy,
  front: LiveFront,
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly expectsContinue: boolean; readonly mayKeepAlive: () => boolean },
): Promise<void> {
  const arrived = performance.now();
  const instances = search(front, request.headers.cookie);
  const repeatable = isRepeatable(request);
  prepareRequest(request, front.spec.address.port);
  for (let losses = 0; ; ) {
    const picked = await instances.next();
    if (response.closed) return;
    if (!picked) return answer(response, 503, nobody(front));
    const fresh = !repeatable || losses > 0;
    const outcome = await proxy.send({ ...options, ...picked, request, response, arrived, fresh });
    if (outcome === 'answered' || outcome === 'left') return;
    if (outcome === 'refused') {
      instances.refused(picked.instance);
      continue;
    }
    if (!repeatable || outcome === 'broken' || ++losses > mostLosses)
      return answerLost(front, picked, response);
    if (outcome === 'lost') instances.rule(picked.instance);
  }
}

function answerLost(front: LiveFront, { pool, instance, overflow }: Picked, response: ServerResponse): void {
  pool.tally.requests++;
  pool.tally.errors++;
  if (overflow) pool.tally.overflow++;
  const { app, environment } = front.spec;
  const what = `Instance ${instance.backend.id} of ${app} in ${environment} ended before it answered.`;
  answer(response, 502, `${what} Whether the request was carried out is not known.\n`);
}

/** A short answer of the edge's own. The connection ends: the body of the request may still be on its way. */
function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...(status === 503 ? { 'Retry-After': '1' } : {}),
  });
  response.end(body);
}
