/** Reads HTTP/1.1 answers from the bytes of one connection, one request at a time. */
export interface AnswerReader {
  /** The answer once it is whole, `garbage` where it is no HTTP; undefined while more must come. */
  feed(bytes: Buffer): Answer | 'garbage' | undefined;
  /** The connection ended: the answer where it lasts until then. */
  end(): Answer | undefined;
  /** Whether any byte of an answer came. */
  readonly begun: boolean;
}

export interface Answer {
  readonly status: number;
  readonly keepAlive: boolean;
}

interface Head extends Answer {
  readonly length: number | 'chunked' | 'until-close';
}

export function readAnswer(): AnswerReader {
  let pending: Buffer = Buffer.alloc(0);
  let head: Head | undefined;
  let begun = false;
  return {
    get begun() {
      return begun;
    },
    feed(bytes) {
      begun = true;
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      // 100 Continue and its like are not the answer yet.
      while (!head || head.status < 200) {
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) return undefined;
        head = parseHead(pending.subarray(0, end).toString('latin1'));
        if (!head) return 'garbage';
        pending = pending.subarray(end + 4);
      }
      return isWhole(head.length, pending) ? head : undefined;
    },
    end: () => (head?.length === 'until-close' ? { ...head, keepAlive: false } : undefined),
  };
}

function parseHead(text: string): Head | undefined {
  const [line = '', ...rest] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]);
  if (Number.isNaN(status)) return undefined;
  const header = (name: string) =>
    rest
      .find((one) => one.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
      .toLowerCase();
  const size = header('content-length');
  const length = header('transfer-encoding')?.endsWith('chunked') ? 'chunked' : undefined;
  const none = status === 204 || status === 304;
  return {
    status,
    keepAlive: header('connection') !== 'close' && line.startsWith('HTTP/1.1'),
    length: length ?? (none ? 0 : size === undefined ? 'until-close' : Number(size)),
  };
}

function isWhole(length: Head['length'], body: Buffer): boolean {
  if (length === 'until-close') return false;
  if (length !== 'chunked') return body.length >= length;
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) return false;
    const size = Number.parseInt(body.subarray(at, end).toString('latin1'), 16);
    // The last chunk is empty; trailers and an empty line follow it.
    if (size === 0) return body.indexOf('\r\n\r\n', end) >= 0;
    at = end + 2 + size + 2;
    if (at > body.length) return false;
  }
}
