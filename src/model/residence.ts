/** The registration of one app in one environment. */
export interface Residence {
  readonly app: string;
  readonly environment: string;
  readonly homes: readonly Residency[];
}

/** One home of an app. Shares of a residence add up to 100, and one home is on duty. */
export interface Residency {
  readonly home: string;
  /** Percent of the traffic. */
  readonly share: number;
  /** Runs what must run once: crons, migrations, single consumers. */
  readonly duty: boolean;
  /** Phase of a move, `settled` without one. */
  readonly phase: string;
}
