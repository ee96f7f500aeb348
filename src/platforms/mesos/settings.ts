import { z } from 'zod';

const address = z.union([z.literal('lab'), z.url({ protocol: /^https?$/ })]);
const secret = z.string().min(1);

/** Keys of a home with `platform: mesos` in rehome.yaml. */
export const settings = z.strictObject({
  marathon: address.describe('URL of Marathon, or `lab` for the embedded one.'),
  chronos: address
    .optional()
    .describe('URL of Chronos, or `lab`. Without it there are no crons and no migrations.'),
  mesos: address
    .optional()
    .describe('URL of the Mesos master, from which logs and the runs of crons are read.'),
  chronos_api: z
    .enum(['v1', 'legacy'])
    .optional()
    .describe('`v1` for Chronos 3 (/v1/scheduler), `legacy` for 2 (/scheduler); found out by itself.'),
  user: secret.optional().describe('User of Marathon and Chronos; may be a reference such as `env:NAME`.'),
  password: secret
    .optional()
    .describe('Password of the user; a reference such as `env:NAME` or `file:PATH`.'),
  token: secret.optional().describe('Token of DC/OS instead of a user; a reference such as `file:PATH`.'),
  ca: z.string().min(1).optional().describe('File with the certificate authority of the servers.'),
});

export type MesosSettings = z.infer<typeof settings>;
