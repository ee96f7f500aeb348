import { realClock } from './clock.ts';
import { realEvents } from './events.ts';
import { realFiles } from './files.ts';
import type { Host } from './host.ts';
import { realRequest } from './http.ts';
import { realProcesses } from './processes.ts';
import { realLines } from './text-lines.ts';

/** The effects of this machine as they are. */
export function realHost(): Host {
  return {
    clock: realClock,
    http: { request: realRequest, events: realEvents, lines: realLines },
    files: realFiles,
    processes: realProcesses,
  };
}
