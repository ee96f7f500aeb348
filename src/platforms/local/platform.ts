import type { Platform } from '../platform.ts';
import { compile } from './compile.ts';
import { dueBy } from './due-by.ts';
import { gives } from './given-env.ts';
import { connect } from './home.ts';
import { managed } from './managed.ts';
import { notes } from './notes.ts';
import { read } from './read.ts';
import { type LocalSettings, settings } from './settings.ts';

/** Processes of this machine under the embedded supervisor: the home that is always there. */
export const local: Platform<LocalSettings> = {
  name: 'local',
  settings,
  capabilities: { endpoints: true, holds: true, logs: true, jobs: true, crons: true },
  notes,
  compile,
  read,
  managed,
  dueBy,
  gives,
  connect,
};
