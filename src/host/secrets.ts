import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SecretRef } from '../model/app.ts';
import { type Failure, fail } from '../model/failure.ts';

const execTimeoutMs = 30_000;

/** The secrets of one process. */
export interface Secrets {
  /** Fails with `missing-secret`, in words that never hold a value. */
  reveal(secret: SecretRef): string | Failure;
  /** Replaces every value that was looked up so far: what others print may hold one. */
  mask(text: string): string;
}

/** Shorter values would be found everywhere, and guessed as well. */
const shortestMasked = 4;

/**
 * Looks secrets up: `env:NAME`, `file:PATH` (relative to `root`), `exec:COMMAND` (its output). One trailing
 * newline is cut. Values stay in this process and are asked for once.
 */
export function openSecrets(root: string, env: NodeJS.ProcessEnv = process.env): Secrets {
  const known = new Map<string, string | Failure>();
  return {
    reveal({ ref }) {
      const value = known.get(ref) ?? lookUp(ref, root, env);
      known.set(ref, value);
      return value;
    },
    mask(text) {
      let masked = text;
      for (const [part, ref] of parts(known)) masked = masked.replaceAll(part, `(${ref})`);
      return masked;
    },
  };
}

/** What is hidden: values and, as output comes line by line, their lines; one that holds another before it. */
function parts(known: ReadonlyMap<string, string | Failure>): readonly (readonly [string, string])[] {
  return [...known]
    .flatMap(([ref, value]) =>
      typeof value === 'string' ? [value, ...value.split(/\r?\n/)].map((part) => [part, ref] as const) : [],
    )
    .filter(([part]) => part.trim().length >= shortestMasked)
    .sort(([a], [b]) => b.length - a.length);
}

function lookUp(ref: string, root: string, env: NodeJS.ProcessEnv): string | Failure {
  const [scheme, rest] = [ref.slice(0, ref.indexOf(':')), ref.slice(ref.indexOf(':') + 1)];
  if (scheme === 'env') return fromEnvironment(rest, env);
  if (scheme === 'file') return fromFile(resolve(root, rest));
  if (scheme === 'exec') return fromCommand(rest, root);
  if (scheme === 'kubernetes') return inCluster(ref);
  return fail('missing-secret', `The secret ${ref} is of an unknown kind.`, {
    found: scheme,
    expected: 'env:, file: or exec:',
  });
}

/** A cluster hands its own Secrets to its own pods, and to nobody here. */
function inCluster(ref: string): Failure {
  return fail('missing-secret', `The secret ${ref} lies in a Kubernetes cluster, and this home is none.`, {
    found: ref,
    expected: 'env:, file: or exec:',
    hint: 'give the app another reference where it does not run on Kubernetes: "{{ ... if k8s else ... }}"',
  });
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): string | Failure {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  return fail('missing-secret', `The environment variable ${name} is not set.`, { hint: `export ${name}=…` });
}

function fromFile(path: string): string | Failure {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    return fail('missing-secret', `The secret file ${path} cannot be read (${reason}).`);
  }
}

function fromCommand(command: string, cwd: string): string | Failure {
  const { status, stdout } = spawnSync('/bin/sh', ['-c', command], {
    cwd,
    encoding: 'utf8',
    timeout: execTimeoutMs,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return stdout.replace(/\r?\n$/, '');
  return fail('missing-secret', `The command of the secret exec:${command} failed with exit code ${status}.`);
}
