import type { Reply, Stream } from '../http/message.ts';

/** Sends one server-sent event. */
export type Send = (event: string, data: unknown) => void;

/** An answer that stays open: `open` begins to send, and `stream.closed` says when the reader has gone. */
export function eventStream(open: (send: Send, stream: Stream) => void): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
    stream: (stream) =>
      open((event, data) => stream.send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`), stream),
  };
}

/** Calls `leave` when the reader has gone. */
export function whenGone(stream: Stream, leave: () => void): void {
  if (stream.closed.aborted) leave();
  else stream.closed.addEventListener('abort', leave, { once: true });
}
