import type { Service } from '../../../model/app.ts';
import { type Note, note } from '../../../model/note.ts';
import type { Json } from '../../json.ts';
import type { KubernetesSettings } from '../settings.ts';
import { drainSeconds } from './deadline.ts';

/**
 * What comes before TERM: the pod goes on serving while everybody lets go of it. TERM itself goes to the first process
 * alone, and the first process of a pod ignores it unless it asks for it: a shell that waits for its command does not.
 */
export function compileEnding(
  service: Service,
  port: number | undefined,
  settings: KubernetesSettings,
): Json {
  const seconds = drainSeconds(port, settings);
  if (settings.forward_term && hidesTerm(service)) return { lifecycle: { preStop: forward(seconds) } };
  return seconds === 0 ? {} : { lifecycle: { preStop: { sleep: { seconds } } } };
}

/** Everything but the first process; the shell of the command is in the image, or it would not have started. */
function forward(seconds: number): Json {
  const script = [...(seconds > 0 ? [`sleep ${seconds}`] : []), 'kill -TERM -1'].join('; ');
  return { exec: { command: ['/bin/sh', '-c', script] } };
}

/** The seconds before TERM in a preStop hook of ours; undefined for a hook of somebody else. */
export function readEnding({ sleep, exec }: Json): number | undefined {
  const seconds = (sleep as { seconds?: unknown } | undefined)?.seconds;
  if (typeof seconds === 'number') return seconds;
  const command = (exec as { command?: unknown } | undefined)?.command;
  const script = Array.isArray(command) ? String(command[2]) : '';
  const found = /^(?:sleep (\d+); )?kill -TERM -1$/.exec(script);
  return found ? Number(found[1] ?? 0) : undefined;
}

export function endingNotes(
  service: Service,
  settings: KubernetesSettings,
  subject: string,
): readonly Note[] {
  if (settings.forward_term || !hidesTerm(service)) return [];
  const message =
    'A shell starts the command and waits for it, and most shells keep TERM to themselves: the app ends without being told.';
  const hint = 'set forward_term: true in the home, or begin the command with exec';
  return [note('term-stays-in-shell', 'warning', message, { subject, hint, fidelity: 'approximate' })];
}

/** `exec` in front of the last command puts that one in the place of the shell. */
function hidesTerm({ command }: Service): boolean {
  const last = command?.split(/&&|\|\||[;|\n]/).at(-1);
  return last !== undefined && !/^\s*(\w+=\S*\s+)*exec\s/.test(last);
}
