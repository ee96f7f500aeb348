import type { Host, HttpRequest, HttpResponse, ServerEvent, Tls } from '../host/host.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { parseJson, record, text } from './json.ts';

/** A JSON API of a home. */
export interface Api {
  /** For messages: `Marathon`. */
  readonly name: string;
  readonly url: string;
  call(call: Call): Promise<Answer | Failure>;
  events(
    path: string,
    more: Pick<HttpRequest, 'signal' | 'onOpen' | 'background'>,
  ): AsyncIterable<ServerEvent | Failure>;
}

export interface Call {
  readonly method?: NonNullable<HttpRequest['method']>;
  readonly path: string;
  readonly json?: unknown;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Who we are, for a server that asks. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: Tls;
}

/** A server that answers 5xx may be changing its leader; asking again is free where it is safe. */
const pausesMs = [200, 600];

/**
 * Any status below 500 but 401 is an Answer. Failures: `unreachable`, `interrupted`, `server-error`, `refused`.
 * Whether a POST with a Failure was carried out is not known: look before you repeat it.
 */
export function apiOf(
  name: string,
  url: string,
  host: Host,
  access: () => Access | Failure = () => ({ headers: {} }),
): Api {
  async function call(call: Call): Promise<Answer | Failure> {
    const who = access();
    if (isFailure(who)) return who;
    const { path, signal, ...rest } = call;
    const request = { ...rest, ...(signal ? { signal } : {}), ...who, url: url.replace(/\/$/, '') + path };
    for (let attempt = 0; ; attempt++) {
      const response = await host.http.request(request);
      if (isFailure(response)) return response;
      const pause = pausesMs[attempt];
      const again =
        response.status >= 500 && call.method !== 'POST' && pause !== undefined && !signal?.aborted;
      if (!again) return judge(name, url, call, response);
      await host.clock.sleep(pause, signal);
    }
  }

  async function* events(path: string, more: Pick<HttpRequest, 'signal' | 'onOpen' | 'background'>) {
    const who = access();
    if (isFailure(who)) yield who;
    else yield* host.http.events({ url: url.replace(/\/$/, '') + path, ...who, ...more });
  }

  return { name, url, call, events };
}

/** What a server says when it does not do as it is told, as one Failure. */
export function refused(api: Pick<Api, 'name'>, call: Call, answer: Answer): Failure {
  const what = `${api.name} refuses ${call.method ?? 'GET'} ${call.path}`;
  return fail('refused', `${what}: ${reasonIn(answer) || `HTTP ${answer.status}`}.`, {
    found: `HTTP ${answer.status}`,
  });
}

/** Words of an answer: Marathon's `message` with its `details`, or the beginning of whatever came. */
export function reasonIn({ json, body }: Pick<Answer, 'json' | 'body'>): string {
  const { message = record(record(json)['error'])['message'], details } = record(json);
  if (text(message) === undefined) return body.slice(0, 300).trim();
  const places = Array.isArray(details) ? details.map(record).map(detail) : [text(details) ?? ''];
  return [text(message), ...places.filter((place) => place !== '')].join('; ').replace(/\.$/, '');
}

function detail({ path, errors }: Readonly<Record<string, unknown>>): string {
  return `${text(path) ?? ''} ${Array.isArray(errors) ? errors.join(', ') : ''}`.trim();
}

function judge(name: string, url: string, call: Call, response: HttpResponse): Answer | Failure {
  const { status, body, headers } = response;
  const answer = { status, body, headers, json: parseJson(body) };
  const what = `${call.method ?? 'GET'} ${call.path}`;
  if (status >= 500) {
    return fail(
      'server-error',
      `${name} at ${shown(url)} answers ${status} to ${what}: ${reasonIn(answer) || 'no reason given'}.`,
      {
        found: `HTTP ${status}`,
      },
    );
  }
  if (status === 401) {
    const hint = 'give the home user: and password:, or token:';
    return fail('refused', `${name} at ${shown(url)} wants to know who asks.`, { found: 'HTTP 401', hint });
  }
  return answer;
}

function shown(url: string): string {
  return URL.parse(url)?.origin ?? url;
}
