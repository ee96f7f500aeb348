import type { Host, HttpRequest, HttpResponse } from '../../../host/host.ts';
import { type Failure, fail, isFailure } from '../../../model/failure.ts';
import type { Place } from '../cluster.ts';
import type { Identities, Identity } from './identity.ts';
import { isFinal } from './status.ts';

/** An open context: where it is, and who we are there. */
export interface Session {
  readonly place: Place;
  readonly identities: Identities;
}

export interface Ask
  extends Pick<HttpRequest, 'method' | 'json' | 'headers' | 'timeoutMs' | 'onOpen' | 'background'> {
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Requests {
  /** Any final answer of the API; a Failure where there is none. */
  request(session: Session, ask: Ask): Promise<HttpResponse | Failure>;
  /** The lines of one answer. A refusal is a Failure with the HTTP status as `found`, and its body as `details`. */
  lines(session: Session, ask: Ask): AsyncIterable<string | Failure>;
}

/**
 * How long a server that has answered before may be away, ms since its last answer: long enough for an apiserver that
 * is started again. One that never answered is not waited for.
 */
const awayMs = 30_000;
/** How long one that has too much to do is asked again, ms. */
const busyMs = 60_000;
const mostRetries = 4;

/** Every request can be sent again: names are ours to choose, so that a second sending finds the first. */
export function requestsOf({ http, clock }: Pick<Host, 'http' | 'clock'>): Requests {
  let answeredAt: number | undefined;

  async function request(session: Session, ask: Ask): Promise<HttpResponse | Failure> {
    const begun = clock.now();
    for (let attempt = 0; ; attempt++) {
      const response = await attemptOnce(session, ask);
      const now = clock.now();
      const lastAnswer = answeredAt;
      if (!isFailure(response)) answeredAt = now;
      const pause = isFailure(response)
        ? pauseAway(response, lastAnswer === undefined ? undefined : now - lastAnswer, attempt)
        : pauseBusy(response, now - begun, attempt);
      if (pause === undefined || ask.signal?.aborted) return response;
      await clock.sleep(pause, ask.signal);
    }
  }

  async function attemptOnce(session: Session, ask: Ask): Promise<HttpResponse | Failure> {
    const identity = await session.identities.current();
    if (isFailure(identity)) return identity;
    const response = await http.request(requestFor(session, identity, ask));
    if (isFailure(response)) return explained(response);
    if (response.status !== 401) return response;
    const other = await session.identities.renewed(identity);
    if (other === undefined || isFailure(other)) return other ?? response;
    const second = await http.request(requestFor(session, other, ask));
    return isFailure(second) ? explained(second) : second;
  }

  async function* lines(session: Session, ask: Ask, second?: Identity): AsyncIterable<string | Failure> {
    const identity = second ?? (await session.identities.current());
    if (isFailure(identity)) return yield identity;
    for await (const line of http.lines(requestFor(session, identity, ask))) {
      const other = second ? undefined : await afterRefusal(session, identity, line);
      if (other === undefined) yield told(line);
      else if (isFailure(other)) yield other;
      else yield* lines(session, ask, other);
    }
  }

  return { request, lines };
}

/** Whom to be instead, where a line says that we are nobody. */
async function afterRefusal(
  { identities }: Session,
  used: Identity,
  line: string | Failure,
): Promise<Identity | undefined | Failure> {
  return isFailure(line) && line.found === 'HTTP 401' ? await identities.renewed(used) : undefined;
}

function requestFor({ place }: Session, { headers, tls }: Identity, ask: Ask): HttpRequest {
  const { path, signal, ...rest } = ask;
  return {
    ...rest,
    url: place.server + path,
    headers: { ...headers, ...ask.headers },
    idempotent: true,
    ...(tls ? { tls } : {}),
    ...(signal ? { signal } : {}),
  };
}

/** Undefined: it is final. */
function pauseAway(failure: Failure, sinceAnswer: number | undefined, attempt: number): number | undefined {
  if (failure.code !== 'unreachable' || sinceAnswer === undefined || sinceAnswer > awayMs) return undefined;
  return backoff(attempt);
}

function pauseBusy(response: HttpResponse, sinceBegun: number, attempt: number): number | undefined {
  const { status, headers } = response;
  if (status !== 429 && (status < 500 || isFinal(response))) return undefined;
  const named = Number(headers['retry-after']);
  const isNamed = headers['retry-after'] !== undefined && Number.isFinite(named);
  const pause = isNamed ? Math.max(named * 1000, 50) : backoff(attempt);
  const patient = status === 429 || status === 503 || isNamed;
  if (patient ? sinceBegun + pause > busyMs : attempt >= mostRetries) return undefined;
  return pause;
}

function backoff(attempt: number): number {
  return Math.min(200 * 2 ** attempt, 3_000);
}

function told(line: string | Failure): string | Failure {
  return isFailure(line) ? explained(line) : line;
}

/** What the host says of certificates in general, in a kubeconfig's words. */
function explained(failure: Failure): Failure {
  if (!failure.message.includes('ertificate')) return failure;
  const hint =
    'compare `certificate-authority` and `tls-server-name` in the kubeconfig with the certificate of the server';
  return fail(failure.code, failure.message, { ...(failure.found ? { found: failure.found } : {}), hint });
}
