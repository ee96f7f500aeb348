import type { Action } from '../../moves/move.ts';

/** An action for people. */
export function wordOf(action: Action): string {
  switch (action.kind) {
    case 'deploy':
      return `deploy ${action.version} to ${action.home}: ${action.why}`;
    case 'compare':
      return 'compare the two homes';
    case 'rehearse':
      return 'ask the dark home';
    case 'share':
      return `share: ${action.why}`;
    case 'begin-stage':
      return `hold ${Math.round(action.share * 100) / 100} %`;
    case 'disarm':
      return `disarm the crons of ${action.home}`;
    case 'arm':
      return action.why;
    case 'begin-soak':
      return 'begin the soak';
    case 'turn':
      return 'go back';
    case 'settle':
    case 'wait':
      return action.why;
  }
}
