import type { ServerEvent } from './host.ts';

/**
 * Reader of https://html.spec.whatwg.org/multipage/server-sent-events.html: give it text as it arrives, in
 * pieces of any size; it gives back the events that are complete. Lines end with LF, CRLF or CR.
 */
export function serverEvents(): (chunk: string) => readonly ServerEvent[] {
  let rest = '';
  let frame = emptyFrame();
  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    const events: ServerEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        if (frame.data.length > 0) events.push({ event: frame.event, data: frame.data.join('\n') });
        frame = emptyFrame();
      } else take(frame, line);
    }
    return events;
  };
}

interface Frame {
  event: string;
  readonly data: string[];
}

function emptyFrame(): Frame {
  return { event: 'message', data: [] };
}

function take(frame: Frame, line: string): void {
  const colon = line.indexOf(':');
  if (colon === 0) return; // a comment, sent to keep the connection alive
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (name === 'data') frame.data.push(value);
  if (name === 'event') frame.event = value;
}
