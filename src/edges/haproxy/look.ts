import type { z } from 'zod';
import type { Host } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { findProgram } from './process.ts';
import { runtimeApi } from './runtime-api.ts';
import type { settings } from './settings.ts';

/** The first version with all that is used: `http-error`, `retry-on`, `lua-load-per-thread`, `show servers state`. */
const oldest = [2, 6] as const;

/** Whether HAProxy is there and new enough, in words. Failure: `edge-not-running`. */
export async function lookAtHaproxy(
  { run = true, command = 'haproxy', socket = '' }: Partial<z.infer<typeof settings>>,
  host: Host,
): Promise<string | Failure> {
  const said = run ? await askProgram(command, host) : await runtimeApi(() => socket)(['show info']);
  if (isFailure(said)) return said;
  const version = /version:? (\d+)\.(\d+)\S*/i.exec(said);
  const where = run ? 'run by rehome' : `run by others, at ${socket}`;
  if (!version)
    return fail('edge-not-running', 'HAProxy does not say its version.', { found: said.slice(0, 200) });
  const [text, major, minor] = version;
  const old = Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]);
  if (old) return fail('edge-not-running', `HAProxy is too old: ${text}.`, { expected: oldest.join('.') });
  if (run && !said.includes('+LUA')) return fail('edge-not-running', 'HAProxy was built without Lua.');
  return `HAProxy ${text.replace(/^version:? /i, '')}, ${where}`;
}

async function askProgram(command: string, { processes }: Host): Promise<string | Failure> {
  const program = findProgram(command);
  if (isFailure(program)) return program;
  const lines: string[] = [];
  await processes.run(`${program} -vv`, { timeoutMs: 5_000, onLine: (line) => lines.push(line) });
  return lines.join('\n');
}
