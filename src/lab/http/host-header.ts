import type { IncomingMessage } from 'node:http';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/**
 * Whether the Host header names this machine. A web page in a browser of this machine can be led to send
 * requests here under a name of its own (DNS rebinding); those are turned away.
 */
export function isOwnHost(incoming: IncomingMessage, names: readonly string[]): boolean {
  const header = incoming.headers.host;
  if (header === undefined) return true;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  return loopback.has(name) || name === incoming.socket.localAddress || names.includes(name);
}
