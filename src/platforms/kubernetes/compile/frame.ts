import type { App, Service } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import type { Note } from '../../../model/note.ts';
import type { Target } from '../../platform.ts';
import type { KubernetesSettings } from '../settings.ts';
import { type SecretKeys, secretKeys } from './secrets.ts';

/** What every part of an app is compiled with. */
export interface Frame {
  readonly app: App;
  readonly target: Target<KubernetesSettings>;
  readonly settings: KubernetesSettings;
  readonly keys: SecretKeys;
  /** The service that traffic is for: the one that bears the app's name, or else the first. */
  readonly front?: Service;
  /** Whether the app lives in another home too, so that its own name leads to the edge. */
  readonly isElsewhere: boolean;
}

export interface Part {
  readonly objects: readonly NativeObject[];
  readonly notes: readonly Note[];
}

export function frameOf(app: App, target: Target<KubernetesSettings>): Frame {
  const front = app.services.find(({ name }) => name === app.name) ?? app.services[0];
  return {
    app,
    target,
    settings: target.settings,
    keys: secretKeys(app),
    ...(front ? { front } : {}),
    isElsewhere: target.elsewhere?.[app.name] !== undefined && target.settings.edge !== undefined,
  };
}
