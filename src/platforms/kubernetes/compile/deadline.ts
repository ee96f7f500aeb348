import { defaultDrainMs, defaultMinReadyMs, type KubernetesSettings } from '../settings.ts';

export function minReadySeconds({ min_ready = defaultMinReadyMs }: KubernetesSettings): number {
  return Math.ceil(min_ready / 1_000);
}

/** A rollout that makes no progress for so long is told as failed; a pod counts only after it was ready for a while. */
export function progressDeadlineSeconds(deadlineMs: number, settings: KubernetesSettings): number {
  return Math.max(1, Math.ceil(deadlineMs / 1_000)) + minReadySeconds(settings);
}

/** Those who send traffic learn late that a pod ends, so it goes on serving for a while before it is told. */
export function drainSeconds(
  port: number | undefined,
  { drain = defaultDrainMs }: KubernetesSettings,
): number {
  return port === undefined ? 0 : Math.ceil(drain / 1_000);
}

/** Kubernetes counts from before preStop to KILL, the model from TERM to KILL. */
export function graceSeconds(
  killGraceMs: number,
  port: number | undefined,
  settings: KubernetesSettings,
): number {
  return drainSeconds(port, settings) + Math.ceil(killGraceMs / 1_000);
}
