import type { HttpRequest, HttpResponse } from '../../host/host.ts';
import type { Env } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { ProvisionContext } from '../feature.ts';
import { vhostOf } from './vhost.ts';

const all = { configure: '.*', write: '.*', read: '.*' };

/**
 * A vhost, and full permissions in it for the user of its URL, by the management API
 * (https://www.rabbitmq.com/docs/management#http-api). Permissions that are there already stay as they are.
 */
export async function makeVhost(spec: Env, context: ProvisionContext): Promise<string | undefined | Failure> {
  const wanted = wantedOf(spec, context);
  if (isFailure(wanted)) return wanted;
  const { vhost, user } = wanted;
  const path = encodeURIComponent(vhost);
  const made = await make(`vhosts/${path}`, {}, wanted, context);
  if (isFailure(made)) return made;
  const allowed = await make(`permissions/${path}/${encodeURIComponent(user)}`, all, wanted, context);
  if (isFailure(allowed)) return allowed;
  const news = [
    ...(made ? [`the vhost ${vhost}`] : []),
    ...(allowed ? [`permissions of ${user} in it`] : []),
  ];
  return news.length > 0 ? news.join(', ') : undefined;
}

interface Wanted {
  readonly vhost: string;
  readonly user: string;
  /** Of the management API, without credentials. */
  readonly api: string;
  readonly authorization: string;
}

function wantedOf(spec: Env, { reveal }: ProvisionContext): Wanted | Failure {
  const [url, management, password] = [
    reveal(spec['url'] ?? ''),
    reveal(spec['management'] ?? ''),
    reveal(spec['password'] ?? ''),
  ];
  for (const one of [url, management, password]) if (isFailure(one)) return one;
  const known = vhostOf(String(url));
  const base = URL.parse(String(management));
  if (!known || !base) {
    const [key, expected] = known
      ? ['management', 'http://user@host:15672']
      : ['twin', 'amqp://user@host:5672/vhost'];
    return fail('wrong-value', `\`${key}\` of the feature rmq is no URL of a RabbitMQ.`, { expected });
  }
  const credentials = `${decodeURIComponent(base.username)}:${password || decodeURIComponent(base.password)}`;
  const api = `${base.origin}${base.pathname.replace(/\/$/, '')}/api`;
  return { ...known, api, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** Looks first; whether it had to be made. */
async function make(
  path: string,
  json: object,
  { api, authorization }: Wanted,
  { http, signal }: ProvisionContext,
): Promise<boolean | Failure> {
  const request = { url: `${api}/${path}`, headers: { authorization }, signal, timeoutMs: 10_000 };
  const there = await http.request(request);
  if (isFailure(there)) return there;
  if (there.status === 200) return false;
  const answer = there.status === 404 ? await http.request({ ...request, method: 'PUT', json }) : there;
  if (isFailure(answer)) return answer;
  return answer.status === 201 || answer.status === 204 ? true : refusal(request, answer);
}

function refusal({ url }: HttpRequest, { status, body }: HttpResponse): Failure {
  const why =
    status === 401 ? 'it does not take the user of `management` and its password' : body.slice(0, 500);
  return fail('refused', `RabbitMQ refuses ${url}: ${why}.`, {
    found: `HTTP ${status}`,
    hint: 'the user of `management` needs the tag administrator; the user of the queue has to be there',
  });
}
