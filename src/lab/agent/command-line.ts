import { join } from 'node:path';
import type { TaskSpec } from './agent.ts';
import { files } from './sandbox.ts';

/**
 * Writes down who it is, claims the launch (noclobber makes the file exclusively), and becomes the command.
 * Whoever finds the claim taken ends: the agent has given this launch up. $1 is the sandbox.
 */
const claimScript = `
{ read -r rehome_stat </proc/$$/stat; read -r rehome_boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
printf '%s\\n%s\\n%s\\n' "$$" "$rehome_stat" "$rehome_boot" >"$1/${files.pid}" || exit 125
set -C
: >"$1/${files.claim}" || exit 125
set +C
unset rehome_stat rehome_boot
shift
exec "$@"`;

/** In a mount namespace of its own: shows the folder of the image (the working directory) at /app. */
const mountScript = 'mount --bind . /app && exec "$@"';

/**
 * Runs the command as a child and keeps its exit code. The traps let this shell outlive a polite signal to the whole
 * group; the command itself gets it undiminished. $1 is the sandbox.
 */
const exitScript = `
trap : TERM INT HUP
rehome_sandbox=$1
shift
"$@"
rehome_code=$?
echo "$rehome_code" >"$rehome_sandbox/${files.exit}"
exit "$rehome_code"`;

export interface Start {
  readonly spec: Omit<TaskSpec, 'env'>;
  readonly sandbox: string;
  /** Folder of the image. */
  readonly folder?: string;
  readonly mount: boolean;
}

/** Program and arguments that start a task. The pid stays the same through all of it. */
export function commandLine({ spec, sandbox, folder, mount }: Start): readonly [string, readonly string[]] {
  const claim = ['-c', claimScript, 'rehome-claim', sandbox];
  const mounted =
    mount && folder
      ? ['unshare', '--mount', '--propagation', 'private', '/bin/sh', '-c', mountScript, 'rehome-mount']
      : [];
  const kept = spec.once ? ['/bin/sh', '-c', exitScript, 'rehome-exit', sandbox] : [];
  return ['/bin/sh', [...claim, ...mounted, ...kept, ...ownCommand(spec, folder)]];
}

function ownCommand({ command, args }: Start['spec'], folder: string | undefined): readonly string[] {
  if (command !== undefined) return ['/bin/sh', '-c', command];
  if (args && args.length > 0) return args;
  return folder ? [join(folder, 'entrypoint')] : [];
}
