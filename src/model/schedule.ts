/**
 * When a cron runs. The seed's manifests have two spellings, ISO 8601 (`R//PT30M`) and cron
 * (`30 0/1 * * *`); a manifest may give both, and they may disagree. Each platform takes its own
 * spelling and converts the other one only where that is exact.
 */
export interface Schedule {
  /** ISO 8601 repeating interval as Chronos takes it: `R//PT30M`, `R5/2026-01-01T00:00:00Z/P1D`. */
  readonly iso?: string;
  /** Five-field cron expression. */
  readonly cron?: string;
  /** IANA name; UTC where absent. */
  readonly timezone?: string;
}
