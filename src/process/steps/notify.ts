import type { DeployContext } from '../context.ts';
import { done, type Step, skipped } from '../step.ts';
import { isUnchanged } from './check.ts';

/** Tells people of a success; failures are told by the engine, whichever step they come from. */
export const notify: Step = {
  name: 'notify',
  summary: 'Tells people how it went; failures and recoveries are told as well.',
  async run(context) {
    if (isUnchanged(context)) return skipped('nothing changed');
    if (context.tellsNobody) return skipped('nobody to tell');
    const problems = await context.notify('done', news(context));
    // A message that cannot be delivered is no reason to undo a release that is well.
    for (const { message } of problems) context.tell({ type: 'log', source: 'notify', line: message });
    return done(problems.length > 0 ? `${problems.length} could not be told` : 'told');
  },
};

function news({ action, app, version, environment, options }: DeployContext): string {
  if (action === 'retire') return `${app} is retired from ${environment}.${options.retires?.home}`;
  return `${app} ${version} is live in ${environment}`;
}
