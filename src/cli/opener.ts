import { resolve } from 'node:path';
import { type Failure, isFailure } from '../model/failure.ts';
import type { Operations } from '../operations/operations.ts';
import type { Output } from './output.ts';
import type { World } from './world.ts';

export interface Opener {
  /** What `--workspace` says, absolute; the current folder without it. */
  readonly folder: string;
  open(): Promise<Operations | Failure>;
  close(): void;
}

/** Opens the workspace when it is first asked for, and only once. */
export function opener(workspace: string | undefined, world: World, output: Output): Opener {
  const folder = resolve(world.cwd, workspace ?? '.');
  let opening: Promise<Operations | Failure> | undefined;
  let opened: Operations | undefined;
  const open = async () => {
    const result = await world.open({
      cwd: world.cwd,
      ...(workspace === undefined ? {} : { workspace: folder }),
      self: world.self,
      print: (line) => output.data(line),
    });
    if (!isFailure(result)) opened = result;
    return result;
  };
  return {
    folder,
    open: () => {
      opening ??= open();
      return opening;
    },
    close: () => opened?.close(),
  };
}
