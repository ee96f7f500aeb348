import { type Failure, fail } from '../../model/failure.ts';
import type { MoveRequest, WaveRequest } from '../../operations/operations.ts';
import type { Flags } from '../command.ts';

/** What `rehome move` is asked to do with any app; its flags in numbers. */
export function requestFrom(flags: Flags): Omit<MoveRequest, 'app'> | Failure {
  const stages = stagesFrom(flags.text('stages'));
  if (stages && 'kind' in stages) return stages;
  const where = flags.text('environment') ?? '';
  const to = flags.text('to') ?? '';
  const [holdMs, soakMs] = [flags.ms('hold'), flags.ms('soak')];
  return {
    where,
    // Who writes the home with its environment means the same.
    to: to.startsWith(`${where}.`) ? to.slice(where.length + 1) : to,
    detach: flags.on('detach'),
    ...(stages === undefined ? {} : { stages }),
    ...(holdMs === undefined ? {} : { holdMs }),
    ...(soakMs === undefined ? {} : { soakMs }),
    ...(flags.on('manual') ? { manual: true } : {}),
  };
}

/** Which apps, so many at a time; or what is wrong with saying it so. */
export function waveFrom(
  apps: readonly string[],
  flags: Flags,
  request: Omit<MoveRequest, 'app'>,
): WaveRequest | Failure {
  const all = flags.on('all');
  if (all === apps.length > 0) {
    return fail('usage', all ? 'Either apps are named, or --all of them move.' : 'No app is named.', {
      found: all ? `--all ${apps.join(' ')}` : 'neither APP nor --all',
      expected: 'APP..., or --all for every app of the environment',
    });
  }
  const twice = apps.find((app, index) => apps.indexOf(app) < index);
  if (twice !== undefined) {
    return fail('usage', `${twice} is named twice`, { found: apps.join(' '), expected: 'each app once' });
  }
  const wave = Math.max(1, flags.number('wave') ?? 1);
  return { ...request, wave, keepGoing: flags.on('keep-going'), ...(all ? {} : { apps }) };
}

/** `10,50,100`: percent that grow. */
function stagesFrom(text: string | undefined): readonly number[] | undefined | Failure {
  if (text === undefined) return undefined;
  const parts = text.split(',').map((part) => part.trim().replace(/\s*%$/, ''));
  const stages = parts.map(Number);
  const grow = stages.every((stage, index) => stage > (stages[index - 1] ?? 0) && stage <= 100);
  if (grow && parts.every((part) => /^\d{1,3}(\.\d{1,2})?$/.test(part))) return stages;
  return fail('usage', '--stages wants percent that grow', { found: text, expected: 'say 1,10,50,100' });
}
