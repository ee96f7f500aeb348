import { connect } from 'node:net';
import { type Failure, fail } from '../../model/failure.ts';

/** Sends commands to one process of HAProxy and returns all that it answers. Failure: `edge-not-running`. */
export type RuntimeApi = (commands: readonly string[]) => Promise<string | Failure>;

const answerMs = 5_000;
/** HAProxy takes lines of up to a buffer, 16 KiB. */
const mostBytes = 8_000;

/** @param prefix of every command: `@!PID ` reaches one worker through the socket of the master */
export function runtimeApi(path: () => string, prefix = '', atMostMs = answerMs): RuntimeApi {
  return async (commands) => {
    let all = '';
    for (const line of lines(commands.map((command) => prefix + command))) {
      const answer = await ask(path(), line, atMostMs);
      if (typeof answer !== 'string') return answer;
      all += answer;
    }
    return all;
  };
}

function lines(commands: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const command of commands) {
    const last = found.at(-1);
    if (last !== undefined && last.length + command.length < mostBytes)
      found[found.length - 1] = `${last};${command}`;
    else found.push(command);
  }
  return found;
}

function ask(path: string, line: string, atMostMs: number): Promise<string | Failure> {
  const { promise, resolve } = Promise.withResolvers<string | Failure>();
  const silent = (found: string) =>
    fail('edge-not-running', 'HAProxy does not answer on its socket.', { found });
  const socket = connect({ path });
  let text = '';
  socket.setTimeout(atMostMs, () => socket.destroy(new Error(`no answer within ${atMostMs} ms`)));
  socket.setEncoding('utf8').on('data', (more) => {
    text += more;
  });
  socket.on('error', (error) => resolve(silent(error.message)));
  socket.on('close', () => resolve(text));
  // The master ends a connection only when its caller does.
  socket.end(`${line}\n`);
  return promise;
}
