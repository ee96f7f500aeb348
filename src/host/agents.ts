import * as http from 'node:http';
import type * as https from 'node:https';
import type { HttpRequest, Tls } from './host.ts';

/** Connections of one protocol, or to servers that want the same certificates. */
interface Agents {
  /** Used again by the next request. */
  readonly kept: http.Agent;
  /** One connection for one request. */
  readonly own: http.Agent;
}

/** As many requests as one server is asked at a time, where it is known by its certificates; the rest wait. */
const mostSockets = 16;

const open = new Map<string, Agents>();
const certified = new WeakMap<Tls, Agents>();

/**
 * Connections for a request. Throws (BAD_CREDENTIALS) where certificates or key of its `tls` cannot be read: they
 * are read once per `tls` object, so that a connection costs no parsing.
 */
export async function agentsFor(url: URL, { tls }: HttpRequest): Promise<Agents> {
  if (url.protocol === 'http:' || !tls) {
    const module = url.protocol === 'http:' ? http : await import('node:https');
    return remember(open, url.protocol, () => agents(module, {}));
  }
  const options = certified.has(tls) ? undefined : await optionsOf(tls);
  const module = await import('node:https');
  return remember(certified, tls, () => agents(module, { maxSockets: mostSockets, ...options }));
}

function agents(module: typeof http | typeof https, options: https.AgentOptions): Agents {
  return {
    kept: new module.Agent({ ...options, keepAlive: true, scheduling: 'lifo' }),
    own: new module.Agent({ ...options, keepAlive: false, maxSockets: Number.POSITIVE_INFINITY }),
  };
}

async function optionsOf({ ca, cert, key, serverName, insecure }: Tls): Promise<https.AgentOptions> {
  const { createSecureContext } = await import('node:tls');
  return {
    secureContext: readable(() => createSecureContext({ ca, cert, key })),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw Object.assign(error as Error, { code: 'BAD_CREDENTIALS' });
  }
}

function remember<K, V>(
  known: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
) {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
