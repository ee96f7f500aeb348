import { type Failure, isFailure } from '../../model/failure.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { forgiven, homesThatCame } from '../dark.ts';
import { done, type Step, skipped } from '../step.ts';
import { writeBack, writePart } from '../write.ts';
import { hasCrons } from './check.ts';

/** Crons run on the home on duty only: elsewhere they are written disarmed. */
export const crons: Step = {
  name: 'crons',
  summary: 'Brings the periodic tasks to the new release and arms them on the home on duty.',

  async run(context) {
    if (!hasCrons(context)) return skipped('no crons');
    const told: string[] = [];
    for (const home of homesThatCame(context)) {
      const message = await write(context, home);
      if (forgiven(context, home, message)) told.push(`${home.name} has no share: ${message.message}`);
      else if (isFailure(message)) return message;
      else if (message) told.push(message);
    }
    return told.length > 0 ? done(told.join('; ')) : skipped('no crons');
  },

  async undo(context) {
    const told: string[] = [];
    for (const home of homesThatCame(context)) {
      const back = await writeBack(context, home, 'crons');
      if (forgiven(context, home, back)) told.push(`${home.name} has no share: ${back.message}`);
      else if (isFailure(back)) return back;
      else if (back) {
        // What was removed and comes back is asleep.
        const failure = back.home && (await arm(context, back.home));
        if (failure) return failure;
        told.push(back.message);
      }
    }
    return told.length > 0 ? told.join('; ') : undefined;
  },
};

async function write(context: DeployContext, home: DeployHome): Promise<string | undefined | Failure> {
  const written = await writePart(context, home, home.app, 'crons');
  if (isFailure(written)) return written;
  const count = home.app.crons.length;
  if (count === 0) return written.length > 0 ? `${home.name}: ${written.length} removed` : undefined;
  const failure = await arm(context, home);
  return failure ?? `${home.name}: ${count} ${dutyOf(home)}${written.length > 0 ? '' : ', unchanged'}`;
}

async function arm(context: DeployContext, home: DeployHome): Promise<undefined | Failure> {
  if (home.app.crons.length === 0) return undefined;
  return await home.home.setDuty(context.app, dutyOf(home), context.signal);
}

function dutyOf({ residency }: DeployHome): 'armed' | 'disarmed' {
  return residency.duty ? 'armed' : 'disarmed';
}
