import type { Argument, Flag } from '../command.ts';

/** `-e`: where to do something. */
export const whereFlag: Flag = {
  name: 'environment',
  short: 'e',
  value: 'ENV',
  required: true,
  summary: 'an environment, or one of its homes as ENV.HOME',
  complete: 'where',
};

/** `-e`: which environment to look at. */
export const filterFlag: Flag = {
  name: 'environment',
  short: 'e',
  value: 'ENV',
  summary: 'only this environment',
  complete: 'environment',
};

export const lockWaitFlag: Flag = {
  name: 'lock-wait',
  value: 'DURATION',
  summary: 'how long to wait while another deployment holds the lock',
  default: '0',
};

export const parallelFlag: Flag = {
  name: 'parallel',
  value: 'N',
  summary: 'how many deployments at a time',
};

export const targetsArgument: Argument = {
  name: 'APP:VERSION',
  summary: 'which version of which app, say hcn:1.0.0',
  required: true,
  many: true,
  complete: 'target',
};

export const appArgument: Argument = {
  name: 'APP',
  summary: 'app_name of a manifest',
  required: true,
  complete: 'app',
};

export const deploymentArgument: Argument = {
  name: 'ID',
  summary: 'a deployment, as history lists them',
  required: true,
  complete: 'deployment',
};
