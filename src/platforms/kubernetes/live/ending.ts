import type { Ended } from './pod.ts';

/** Signals by number, those that end containers: signal(7). */
const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** How a container ended, in words: `exit code 3`, `exit code 139 (SIGSEGV)`, `killed for taking more memory than 64Mi`. */
export function endedWords({ exitCode, signal, reason, message }: Ended, memory?: string): string {
  if (reason === 'OOMKilled') return `killed for taking more memory than ${memory ?? 'it may'} (OOMKilled)`;
  if (reason === 'StartError' || reason === 'ContainerCannotRun')
    return `it cannot be started: ${lastPart(message) || reason}`;
  const number = signal || (exitCode > 128 ? exitCode - 128 : 0);
  const name = signals[number];
  const code = `exit code ${exitCode}${name === undefined ? '' : ` (${name})`}`;
  return exitCode === 0 ? `${code}, where it was to stay` : code;
}

/** The runtime wraps a reason in many words; those in which the process itself is named come last. */
function lastPart(message: string): string {
  return /(?:exec|chdir|stat|error mounting)\b.*$/s.exec(message)?.[0]?.trim() ?? message;
}
