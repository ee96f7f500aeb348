import { Agent, request } from 'node:https';
import type { Credentials } from './kubernetes-place.ts';

export type Body = Readonly<Record<string, unknown>>;

/** A resource by its address: `/apis/apps/v1/namespaces/x/deployments/y`. */
export interface Sent {
  readonly path: string;
  readonly body: Body;
}

/**
 * The limit that everything else is compared with: Node's own HTTPS client with kept connections and nothing in
 * between, that sends what it is given and looks at the status alone.
 */
export function bareClient({ server, ca, cert, key, token }: Credentials, atOnce: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce, ca, cert, key });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function call(method: string, path: string, body?: Body, type = 'application/json'): Promise<Body> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { promise, resolve, reject } = Promise.withResolvers<Body>();
    const headers = { accept: 'application/json', 'content-type': type, ...authorization };
    const sent = request(server + path, { method, agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const whole = Buffer.concat(chunks).toString();
        if ((answer.statusCode ?? 500) < 300) resolve(JSON.parse(whole) as Body);
        else reject(new Error(`${method} ${path}: ${whole.slice(0, 500)}`));
      });
    });
    sent.on('error', reject);
    sent.end(text);
    return await promise;
  }

  const apply = ({ path, body }: Sent) =>
    call('PATCH', `${path}?fieldManager=bare&fieldValidation=Strict`, body, 'application/apply-patch+yaml');

  /** Server-side apply of everything, as many requests at once as there may be connections. */
  async function applyAll(all: readonly Sent[]): Promise<void> {
    const left = [...all];
    const worker = async () => {
      for (let next = left.pop(); next; next = left.pop()) await apply(next);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  /** Objects as they change, one JSON line each; `see` says when it has seen enough. */
  async function watch(path: string, see: (object: Body) => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sent = request(`${server}${path}`, { agent, headers: authorization }, (answer) => {
      let rest = '';
      answer.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        if (!lines.some((line) => see((JSON.parse(line) as { object: Body }).object))) return;
        sent.destroy();
        resolve();
      });
      answer.on('end', () => reject(new Error(`the watch of ${path} ended`)));
    });
    sent.on('error', reject);
    sent.end();
    await promise;
  }

  return { call, apply, applyAll, watch, close: () => agent.destroy() };
}
