import type { HealthCheck } from '../../model/app.ts';
import { type Note, note } from '../../model/note.ts';
import { type Json, number, text } from '../json.ts';

/** https://mesosphere.github.io/marathon/docs/health-checks.html */
export function compileHealth(check: HealthCheck): Json {
  return {
    protocol: check.protocol === 'http' ? 'HTTP' : 'TCP',
    ...(check.path === undefined ? {} : { path: check.path }),
    portIndex: 0,
    gracePeriodSeconds: seconds(check.graceMs),
    intervalSeconds: Math.max(1, seconds(check.intervalMs)),
    timeoutSeconds: Math.max(1, seconds(check.timeoutMs)),
    maxConsecutiveFailures: Math.max(1, check.failures - 1),
  };
}

/** Marathon kills at one failure more than the number says, and 0 means never. */
export function healthNotes(check: HealthCheck, subject: string): readonly Note[] {
  const approximate = (id: string, message: string) =>
    note(id, 'info', message, { subject, fidelity: 'approximate' });
  const times = [check.graceMs, check.intervalMs, check.timeoutMs];
  return [
    ...(times.some((ms) => ms % 1000 !== 0)
      ? [
          approximate(
            'whole-seconds',
            'Marathon counts health checks in whole seconds; times are rounded up.',
          ),
        ]
      : []),
    ...(check.failures < 2
      ? [
          approximate(
            'second-failure',
            'Marathon replaces an instance at the second failed health check at the earliest.',
          ),
        ]
      : []),
  ];
}

/** Undefined for checks that run inside of the task, which the model does not have. */
export function readHealth(check: Json): HealthCheck | undefined {
  const protocol = { HTTP: 'http', HTTPS: 'http', TCP: 'tcp' }[text(check['protocol']) ?? 'HTTP'];
  if (protocol !== 'http' && protocol !== 'tcp') return undefined;
  const path = text(check['path']);
  return {
    protocol,
    ...(path === undefined ? {} : { path }),
    intervalMs: ms(check['intervalSeconds'], 60),
    timeoutMs: ms(check['timeoutSeconds'], 20),
    failures: (number(check['maxConsecutiveFailures']) ?? 3) + 1,
    graceMs: ms(check['gracePeriodSeconds'], 300),
  };
}

function seconds(time: number): number {
  return Math.ceil(time / 1000);
}

function ms(value: unknown, fallback: number): number {
  return (number(value) ?? fallback) * 1000;
}
