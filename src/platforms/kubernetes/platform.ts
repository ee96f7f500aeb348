import type { Platform } from '../platform.ts';
import { addressOf } from './address.ts';
import { compile } from './compile/compile.ts';
import { gives } from './given-env.ts';
import { later } from './later.ts';
import { notes } from './notes.ts';
import { dueBy } from './read/due-by.ts';
import { managed } from './read/managed.ts';
import { read } from './read/read.ts';
import { type KubernetesSettings, settings } from './settings.ts';

/** Deployments, Services, CronJobs and Jobs in a namespace of a cluster. */
export const kubernetes: Platform<KubernetesSettings> = {
  name: 'kubernetes',
  settings,
  capabilities: {
    endpoints: true,
    holds: false,
    logs: true,
    jobs: true,
    crons: true,
    ownSecrets: 'kubernetes:',
  },
  notes,
  compile,
  read,
  managed,
  dueBy,
  gives,
  addressOf,
  connect: (settings, context) => later(async () => (await import('./home.ts')).connect(settings, context)),
};
