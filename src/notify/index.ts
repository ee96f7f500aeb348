import { file } from './file.ts';
import type { Notifier } from './notifier.ts';
import { slack } from './slack.ts';
import { stdout } from './stdout.ts';
import { webhook } from './webhook.ts';

export const notifiers = [stdout, file, webhook, slack] as const satisfies readonly Notifier[];
