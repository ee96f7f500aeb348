import type { NativeObject } from '../../model/native.ts';
import { managedApp } from './managed-app.ts';
import { managedJob } from './managed-job.ts';
import { chronosKind } from './names.ts';

/** See `Platform.managed`. */
export function managed(live: NativeObject): NativeObject {
  return live.kind === chronosKind ? managedJob(live) : managedApp(live);
}
