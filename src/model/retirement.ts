/** One thing that must be so before an app is retired from a home, and how it is. */
export interface Condition {
  readonly name: 'share' | 'duty' | 'move' | 'armed' | 'runs' | 'requests' | 'callers';
  readonly met: boolean;
  /** What was found, in one sentence. */
  readonly found: string;
  /** What to do where it is not met. */
  readonly hint?: string;
  /** When it is met by itself if all stays as it is: ISO 8601, UTC. */
  readonly metAt?: string;
}
