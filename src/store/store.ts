import type { Deployment, DeploymentStatus, Models, StepRecord } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';
import type { Residence, Residency } from '../model/residence.ts';
import type { MoveStore } from './moves.ts';
import type { RetirementStore } from './retirements.ts';

/**
 * The memory: history, journal, locks, residences, addresses. The platforms and the edge are the truth.
 * Every method is one transaction. Failures: `store-unusable`, and what a method names.
 */
export interface Store extends MoveStore, RetirementStore {
  /**
   * Inserts the deployment, takes the app's lock and registers its new homes, together or not at all. `lock-held`
   * names the holder. Without an owner it waits for whoever claims it.
   */
  begin(start: DeploymentStart): Promise<Claim | Failure>;
  /** Takes over a running deployment whose owner is gone. `already-running`, `not-resumable`, `no-such-deployment`. */
  claim(deployment: string, owner: Owner): Promise<Claim | Failure>;
  /** Writes a step's record and, where given, its output. `lock-lost` when another claim was made since. */
  record(claim: Claim, step: StepRecord, output?: unknown): Promise<undefined | Failure>;
  /** From here on the deployment only goes back; a resume goes on undoing. `lock-lost`. */
  turnBack(claim: Claim, failure: Failure): Promise<undefined | Failure>;
  /** Ends a deployment and gives its lock back, unless `keepLock`; homes it `leaves` are no home any more. `lock-lost`. */
  finish(claim: Claim, end: DeploymentEnd): Promise<undefined | Failure>;
  /** Leaves a deployment to whoever claims it next. */
  abandon(claim: Claim): Promise<undefined | Failure>;
  /** Asks the owner to stop and undo. */
  requestCancel(deployment: string): Promise<undefined | Failure>;
  cancelRequested(deployment: string): Promise<boolean | Failure>;
  approve(deployment: string, holder: string): Promise<undefined | Failure>;
  /** Who approved, if somebody did. */
  approval(deployment: string): Promise<string | undefined | Failure>;

  deployment(id: string): Promise<Deployment | undefined | Failure>;
  /** Latest first. */
  deployments(filter: DeploymentFilter): Promise<readonly Deployment[] | Failure>;
  /** What a deployment was begun with and how far it came: for resuming, rolling back and undoing. */
  begun(deployment: string): Promise<Begun | Failure>;

  locks(): Promise<readonly Lock[] | Failure>;
  releaseLock(app: string, environment: string): Promise<boolean | Failure>;

  residence(app: string, environment: string): Promise<Residence | undefined | Failure>;
  residences(): Promise<readonly Residence[] | Failure>;
  saveResidence(residence: Residence): Promise<undefined | Failure>;

  /** Whether this schema version was migrated to and not migrated away since. */
  schemaRecorded(app: string, environment: string, schema: string): Promise<boolean | Failure>;
  recordSchema(
    app: string,
    environment: string,
    schema: string,
    present: boolean,
  ): Promise<undefined | Failure>;

  /** Ports of apps on the edge, by app; allocated once and kept. */
  addresses(environment: string): Promise<Readonly<Record<string, number>> | Failure>;
  saveAddress(environment: string, app: string, port: number): Promise<undefined | Failure>;

  close(): void;
}

export interface DeploymentStart {
  readonly id: string;
  readonly action: Deployment['action'];
  readonly app: string;
  readonly version: string;
  readonly schema?: string;
  readonly environment: string;
  readonly models: Models;
  readonly steps: readonly string[];
  /** Options the process needs again on a resume, plain JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Homes of the app: those that are not registered yet are from now on; what is known of the others stays. */
  readonly residence?: readonly Residency[];
  /** Undefined: begin it for a worker to claim. */
  readonly owner?: Owner;
  readonly holder: string;
}

/** A live process. */
export interface Owner {
  readonly hostname: string;
  readonly pid: number;
  /** See Processes.startTime. */
  readonly processStart: string;
}

/** The right to carry a deployment on. The token grows with every claim: an outdated one is refused. */
export interface Claim {
  readonly deployment: string;
  readonly token: number;
}

export interface Begun extends Omit<DeploymentStart, 'owner' | 'steps' | 'residence'> {
  readonly steps: readonly StepRecord[];
  /** What steps left in the journal, by name. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Why it turned back, if it did. */
  readonly failure?: Failure;
}

export interface DeploymentEnd {
  readonly status: Exclude<DeploymentStatus, 'running'>;
  readonly failure?: Failure;
  readonly keepLock?: boolean;
  /** Homes that it added to the app's residence and where nothing is after all, or that it retired. */
  readonly leaves?: readonly string[];
}

export interface DeploymentFilter {
  readonly app?: string;
  readonly environment?: string;
  readonly status?: DeploymentStatus;
  /** Only those that bring a release somewhere: no retirements. */
  readonly shipped?: true;
  readonly limit?: number;
}

export interface Lock {
  readonly app: string;
  readonly environment: string;
  readonly deployment: string;
  readonly holder: string;
  readonly since: string;
  /** Whether the holder's process is alive; undefined when it is on another machine. */
  readonly alive?: boolean;
}
