import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { isFailure } from '../model/failure.ts';
import type { Message, Notifier } from './notifier.ts';

const settings = z.strictObject({
  path: z.string().min(1).describe('File that gets one JSON document a line; relative to the workspace.'),
});

/** One line per message. A message that a resumed deployment sends again is not written twice. */
export const file: Notifier<z.infer<typeof settings>> = {
  name: 'file',
  settings,
  async send(message, { path }, { host, root }) {
    const target = isAbsolute(path) ? path : join(root, path);
    const line = JSON.stringify(entry(message));
    const before = host.files.read(target);
    if (isFailure(before)) return before;
    if (before?.split('\n').some((earlier) => isSame(earlier, message))) return undefined;
    return host.files.append(target, `${line}\n`);
  },
};

function entry({ event, text, deployment }: Message) {
  const { deployment: id, app, version, environment, status, startedAt } = deployment;
  return { event, text, deployment: id, app, version, environment, status, startedAt };
}

function isSame(line: string, { event, deployment }: Message): boolean {
  return line.includes(`"deployment":"${deployment.deployment}"`) && line.startsWith(`{"event":"${event}"`);
}
