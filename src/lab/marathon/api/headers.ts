import { json, type Reply, type Request } from '../../http/message.ts';
import type { Marathon } from '../context.ts';

/** The headers that every answer of Marathon carries. */
export function withMarathonHeaders(
  marathon: Pick<Marathon, 'address'>,
  request: Request,
  reply: Reply,
): Reply {
  return {
    ...reply,
    headers: {
      'X-Marathon-Leader': `http://${marathon.address}`,
      'X-Frame-Options': 'DENY',
      'X-XSS-Protection': '1; mode=block',
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      Pragma: 'no-cache',
      Expires: '0',
      ...(request.method === 'GET' ? { Vary: 'Accept-Encoding, User-Agent' } : {}),
      ...reply.headers,
    },
  };
}

/** Whether the caller takes an answer of a type; one that says nothing takes all. */
export function accepts(request: Request, type: string): boolean {
  const header = request.headers.accept;
  if (header === undefined || header.trim() === '') return true;
  const [family] = type.split('/');
  const ranges = header.split(',').map((part) => part.split(';')[0]?.trim().toLowerCase());
  return ranges.some((range) => range === '*/*' || range === type || range === `${family}/*`);
}

export const notAcceptable: Reply = json(406, { message: 'Not Acceptable' });
