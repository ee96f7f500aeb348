import type { Reply, Request, Stream } from '../../http/message.ts';
import type { Marathon } from '../context.ts';
import { frame } from '../events/bus.ts';

/** An empty line now and then keeps the connection from being taken for dead (Jetty's EventSourceServlet). */
const heartbeatMs = 10_000;

/** `GET /v2/events?event_type=a&event_type=b`: only for those who say that they accept an event stream. */
export function streamEvents(marathon: Marathon, request: Request): Reply {
  if (!request.headers.accept?.includes('text/event-stream')) return notAnEventStream;
  const types = new Set(request.query.getAll('event_type'));
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream;charset=utf-8', Connection: 'close' },
    stream: (stream) => follow(marathon, request.remote, types, stream),
  };
}

function follow(
  { events }: Marathon,
  remoteAddress: string,
  types: ReadonlySet<string>,
  stream: Stream,
): void {
  const unsubscribe = events.subscribe((event) => {
    if (types.size === 0 || types.has(event.type)) stream.send(frame(event));
  });
  const heartbeat = setInterval(() => stream.send('\r\n'), heartbeatMs);
  heartbeat.unref();
  stream.closed.addEventListener('abort', () => {
    clearInterval(heartbeat);
    unsubscribe();
    stream.end();
    events.publish('event_stream_detached', { remoteAddress });
  });
  events.publish('event_stream_attached', { remoteAddress });
}

const notAnEventStream: Reply = {
  status: 405,
  headers: { 'Content-Type': 'text/html;charset=iso-8859-1' },
  body: '<html><head><title>Error 405 HTTP method GET is not supported by this URL</title></head><body><h2>HTTP ERROR 405</h2><p>Reason: HTTP method GET is not supported by this URL</p></body></html>\n',
};
