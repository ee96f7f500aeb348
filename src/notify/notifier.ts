import type { ZodType } from 'zod';
import type { Host } from '../host/host.ts';
import type { Deployment } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';

/** One way to tell people. */
export interface Notifier<Settings = unknown> {
  /** As `type:` in an entry of `notify:` in rehome.yaml says it. */
  readonly name: string;
  readonly settings: ZodType<Settings>;
  send(message: Message, settings: Settings, context: NotifyContext): Promise<undefined | Failure>;
}

export interface NotifyContext {
  readonly host: Host;
  /** Root of the workspace; relative file names begin here. */
  readonly root: string;
  readonly print: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Message {
  readonly event: 'done' | 'failed' | 'rolled-back' | 'recovered' | 'cancelled' | 'needs-operator';
  /** One line for people: `hcn 1.0.0 is live in test1 (12 s)`. */
  readonly text: string;
  readonly deployment: Deployment;
}
