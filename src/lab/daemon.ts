import { rmSync } from 'node:fs';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { labFiles, makeLabFolder, readLab } from './lab-files.ts';
import { takeLock } from './lock.ts';
import { type RunningLab, startLab } from './start-lab.ts';

export interface DaemonConfig {
  /** The workspace, absolute. */
  readonly root: string;
  /** Of rehome, for `GET /`. */
  readonly version: string;
}

/**
 * Runs the lab of a workspace in this process until SIGTERM, SIGINT or a shutdown over HTTP; only the latter ends
 * tasks. Failure: `lab-failed` when another daemon has this workspace, `no-free-port`, `file-unusable`.
 */
export async function runDaemon(config: DaemonConfig): Promise<Failure | undefined> {
  const asked = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const daemon = await startDaemon(config);
  if (isFailure(daemon)) return daemon;
  await Promise.race([daemon.ended, asked]);
  await daemon.close();
  return undefined;
}

/** As `runDaemon`, but returns when everything listens and lab.json says where. */
export async function startDaemon(config: DaemonConfig): Promise<RunningLab | Failure> {
  const files = labFiles(config.root);
  makeLabFolder(config.root);
  const lock = takeLock(files.lock);
  if (!lock) {
    const holder = readLab(config.root)?.pid ?? 'unknown';
    return fail('lab-failed', `The lab of ${config.root} is run by process ${holder} already.`);
  }
  const lab = await startLab(config);
  if (isFailure(lab)) {
    lock.release();
    return lab;
  }
  return {
    ...lab,
    async close() {
      await lab.close();
      rmSync(files.info, { force: true });
      lock.release();
    },
  };
}
