import type { IncomingMessage } from 'node:http';

/** Reads a body whole as UTF-8. What is over the limit is not kept, and not read on for long. */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<string | 'too-large'> {
  if (Number(incoming.headers['content-length'] ?? 0) > limit) {
    incoming.resume();
    return 'too-large';
  }
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the socket: the refusal goes back over it.
  const reading: AsyncIterable<Buffer> = incoming.iterator({ destroyOnReturn: false });
  for await (const chunk of reading) {
    size += chunk.length;
    if (size > limit) {
      incoming.resume();
      return 'too-large';
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
