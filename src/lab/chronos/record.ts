import { type Documents, openDocuments } from '../documents/documents.ts';
import type { Job } from './job.ts';
import type { Schedule } from './schedule.ts';

/** A job with all that Chronos knows of it. Plain data: one document on disk. */
export interface JobRecord {
  readonly job: Job;
  /** Absent for a job that is started by its parents. */
  readonly schedule?: Schedule;
  /** Launched, or about to be, and not known to have ended. */
  readonly running: readonly Run[];
  /** Failed runs that are tried again. */
  readonly retries: readonly Run[];
  /** Parents that have succeeded since this job was last started. */
  readonly finishedParents: readonly string[];
  /** How long the last successful runs took, ms, oldest first. */
  readonly durations: readonly number[];
}

/** One run of a job. */
export interface Run {
  /** `ct:<due>:<attempt>:<job>:<arguments>`. */
  readonly taskId: string;
  /** ms since 1970. */
  readonly due: number;
  readonly attempt: number;
  readonly args: string;
}

export interface JobStore {
  readonly records: ReadonlyMap<string, JobRecord>;
  /** On disk before it is in memory. */
  put(record: JobRecord): void;
  remove(name: string): void;
}

export function openJobStore(folder: string): JobStore {
  const documents: Documents = openDocuments(folder);
  const records = new Map<string, JobRecord>();
  for (const name of documents.names()) records.set(name, documents.read(name) as JobRecord);
  return {
    records,
    put(record) {
      documents.write(record.job.name, record);
      records.set(record.job.name, record);
    },
    remove(name) {
      documents.remove(name);
      records.delete(name);
    },
  };
}

/** The name of the job of a run is the part of its id between the third and the fourth colon. */
export function taskIdOf(job: string, due: number, attempt: number, args: string): string {
  return `ct:${due}:${attempt}:${job}:${args}`;
}
