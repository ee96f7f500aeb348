import type { Platform } from '../platform.ts';
import { compile } from './compile.ts';
import { dueBy } from './due-by.ts';
import { gives } from './given-env.ts';
import { connect } from './home.ts';
import { managed } from './managed.ts';
import { notes } from './notes.ts';
import { read } from './read.ts';
import { type MesosSettings, settings } from './settings.ts';

/** Marathon for services, Chronos for what runs periodically or once. */
export const mesos: Platform<MesosSettings> = {
  name: 'mesos',
  settings,
  capabilities: { endpoints: true, holds: false, logs: true, jobs: true, crons: true },
  notes,
  compile,
  read,
  managed,
  dueBy,
  gives,
  connect,
};
