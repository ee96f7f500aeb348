import { existsSync } from 'node:fs';
import { delimiter, join, relative, resolve } from 'node:path';
import { realFiles } from '../../host/files.ts';
import { makeOwnFolder } from '../../host/own-folder.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { dryRunFlag } from '../arguments/common-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { newFiles } from '../init/files.ts';
import { type Written, writeNew } from '../init/write-new.ts';
import type { Output } from '../output.ts';

export const command: Command = {
  name: 'init',
  summary: 'make a workspace: rehome.yaml, services/ and the deploy scripts',
  description:
    'Writes rehome.yaml with four environments on the embedded lab, one sample app, and the scripts ' +
    'deploy-app.sh, deploy-k8s-app.sh and sync.sh. A file that is there already is left as it is.',
  args: [
    { name: 'DIR', summary: 'where; the current folder without it', required: false, complete: 'folder' },
  ],
  flags: [dryRunFlag],
  examples: [['rehome init bank', 'a workspace in the folder bank']],
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, cwd, folder, flags, output, self } = invocation;
  const root = args['DIR']?.[0] === undefined ? folder : resolve(cwd, args['DIR'][0]);
  const result = flags.on('dry-run') ? look(root) : await write(root, self);
  if (isFailure(result)) return result;
  output.document({ root, dryRun: flags.on('dry-run'), ...result });
  tell(result, root, invocation, output);
  return 0;
}

function look(root: string): Written {
  const there = (path: string) => existsSync(join(root, path));
  const paths = newFiles.map(({ path }) => path);
  return { written: paths.filter((path) => !there(path)), left: paths.filter(there) };
}

/** The schemas are made by rehome and for rehome: they are always today's. */
async function write(root: string, self: readonly string[]): Promise<Written | Failure> {
  const result = writeNew(root, newFiles);
  if (isFailure(result)) return result;
  const failure = makeOwnFolder(root, self, realFiles);
  if (failure) return failure;
  const { writeSchemas } = await import('../init/schema-files.ts');
  const schemas = writeSchemas(root);
  return isFailure(schemas) ? schemas : result;
}

function tell(result: Written, root: string, { cwd, flags, env }: Invocation, output: Output): void {
  const { dataStyle: paint } = output;
  const verb = flags.on('dry-run') ? 'would write' : 'wrote';
  for (const path of result.written) output.data(`${paint.green(verb)} ${path}`);
  for (const path of result.left) output.data(paint.dim(`left  ${path}, which is there already`));
  if (flags.on('dry-run')) return;
  const there = relative(cwd, root).startsWith('..') ? root : relative(cwd, root);
  output.line('');
  output.line('Next:');
  if (there !== '') output.line(`  cd ${there}`);
  const rehome = isOnPath(env) ? 'rehome' : '.rehome/rehome';
  for (const [line, what] of [
    [`${rehome} lab up`, 'start the embedded Marathon and Chronos'],
    ['./deploy-app.sh -e test hello:1.0.0', 'deploy the sample app'],
    [`${rehome} status`, 'see where it runs'],
  ] as const) {
    output.line(`  ${line.padEnd(37)} ${what}`);
  }
}

/** Run from a checkout or by npx, it is not; the workspace remembers how it was run. */
function isOnPath({ PATH = '' }: Invocation['env']): boolean {
  return PATH.split(delimiter).some((folder) => existsSync(join(folder, 'rehome')));
}
