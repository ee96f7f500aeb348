import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Runs a program to its end: the most memory that it held, as the kernel counts it (VmHWM), and its exit code. */
export async function peakMemory(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly mib: number; readonly code: number | null }> {
  const child = spawn(program, args, { cwd, stdio: 'ignore' });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid ?? 0));
  }, 10);
  const code = await new Promise<number | null>((ended) => child.once('exit', ended));
  clearInterval(look);
  return { mib: peak / 1024, code };
}

/** KiB; 0 for a process that is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
