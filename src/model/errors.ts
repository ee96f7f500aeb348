/**
 * Every failure a user can meet, in one place. Codes are permanent: scripts match them.
 * `exit` is the exit code of the command: 1 failed; 2 usage or could not be determined; 3 differences;
 * 4 failed and rolled back; 5 lock held; 70 timed out, may yet succeed.
 */
interface ErrorSpec {
  readonly exit: 1 | 2 | 3 | 4 | 5 | 70;
  /** What the code means, for the reference page. */
  readonly title: string;
  /** What to do, where one answer fits every case; a failure may carry its own. */
  readonly hint?: string;
}

const catalogue = {
  // manifests and rehome.yaml
  'yaml-syntax': { exit: 2, title: 'A file is not valid YAML' },
  'unknown-key': { exit: 2, title: 'A key that nobody knows; keys that begin with x- are free' },
  'duplicate-key': { exit: 2, title: 'A key that stands twice in one mapping' },
  'wrong-type': { exit: 2, title: 'A value of another type than expected' },
  'wrong-value': { exit: 2, title: 'A value that is out of range or of the wrong form' },
  'missing-key': { exit: 2, title: 'A required key is absent' },
  'jinja-syntax': { exit: 2, title: 'A {{ expression }} that cannot be parsed' },
  'jinja-unknown-name': { exit: 2, title: 'A {{ expression }} uses a name that does not exist' },
  'jinja-failed': { exit: 2, title: 'A {{ expression }} that failed or took too long' },
  'duplicate-name': { exit: 2, title: 'Two things have one name' },
  'too-large': { exit: 2, title: 'A file or a value is larger or deeper than is sensible' },
  'unknown-placeholder': { exit: 2, title: 'A {placeholder} in rehome.yaml that does not exist' },
  'unknown-edge': { exit: 2, title: 'No edge has this name' },
  'unknown-feature': { exit: 2, title: 'No feature has this name' },
  'unknown-notifier': { exit: 2, title: 'No way to notify has this name' },
  'unknown-step': { exit: 2, title: 'The deploy process has no such step' },
  'uses-cycle': { exit: 2, title: 'Apps use each other in a circle' },
  'uses-unknown': { exit: 2, title: 'An app uses one that has no manifest' },
  'no-workspace': {
    exit: 2,
    title: 'There is no rehome.yaml here or above',
    hint: 'rehome init makes a workspace',
  },
  'unknown-app': { exit: 2, title: 'No manifest has this app_name' },
  'unknown-environment': { exit: 2, title: 'rehome.yaml has no such environment' },
  'unknown-home': { exit: 2, title: 'The environment has no such home' },
  'unknown-platform': { exit: 2, title: 'No platform has this name' },
  'unknown-version': { exit: 2, title: 'There is no such version' },
  'missing-section': { exit: 2, title: 'The manifest has no section for the stage of the environment' },
  'missing-image': { exit: 2, title: 'The catalogue has no folder for an image' },
  'feature-not-configured': {
    exit: 2,
    title: 'A manifest uses a feature that the environment does not configure',
  },
  'missing-secret': { exit: 2, title: 'A secret reference leads nowhere' },
  'check-failed': { exit: 2, title: 'Rules forbid the deployment' },
  // command line
  usage: { exit: 2, title: 'The command line cannot be understood', hint: 'rehome help' },
  'needs-confirmation': { exit: 2, title: 'A protected environment wants a yes', hint: 'add --yes' },
  // homes
  unreachable: { exit: 1, title: 'A server does not answer' },
  'server-error': { exit: 1, title: 'A server answers with an error of its own' },
  refused: { exit: 1, title: 'A server refuses a request' },
  'kubeconfig-unusable': { exit: 2, title: 'A kubeconfig is missing, or says what cannot be done' },
  'unknown-context': { exit: 2, title: 'The kubeconfig has no such context' },
  'not-authenticated': { exit: 1, title: 'A server does not take who we say we are' },
  forbidden: { exit: 1, title: 'A server does not let us do this' },
  conflict: { exit: 1, title: 'Somebody else manages what is to be written' },
  'unknown-namespace': {
    exit: 2,
    title: 'The namespace of a home does not exist',
    hint: 'make it, or let rehome make it: `create_namespace: true` at the home',
  },
  'namespace-ending': { exit: 1, title: 'The namespace of a home is being deleted' },
  'changes-missed': { exit: 1, title: 'A watch was away for too long; the list has to be read again' },
  locked: { exit: 1, title: 'A home is busy with a deployment of somebody else' },
  'lab-not-running': { exit: 2, title: 'The embedded lab is not running', hint: 'rehome lab up' },
  'not-compared': { exit: 2, title: 'Whether two homes differ could not be found out' },
  'edge-not-running': {
    exit: 1,
    title: 'The edge is not running',
    hint: 'the next deploy starts it',
  },
  'no-front': { exit: 1, title: 'The edge has no front for an app', hint: 'a deploy of the app makes it' },
  'not-drained': { exit: 1, title: 'Requests to an instance do not end' },
  'share-differs': { exit: 1, title: 'The edge splits traffic otherwise than wanted' },
  'lab-failed': { exit: 1, title: 'The embedded lab cannot be started or stopped' },
  'no-free-port': { exit: 1, title: 'No free port is left in the range' },
  // deployments
  'not-healthy': { exit: 4, title: 'A new version does not become or stay healthy' },
  'rollout-deadline': { exit: 4, title: 'A rollout took longer than its deadline' },
  'migration-failed': { exit: 4, title: 'A migration ended with an error' },
  'test-failed': { exit: 4, title: 'A staged test failed' },
  'step-failed': { exit: 4, title: 'A step of the process failed' },
  'undo-failed': { exit: 1, title: 'Undoing failed; the deployment needs an operator' },
  frozen: { exit: 1, title: 'A migration cannot be reversed; the deployment is frozen as it is' },
  'lock-held': { exit: 5, title: 'Another deployment holds the lock' },
  'lock-lost': { exit: 1, title: 'The lock was taken over while this deployment slept' },
  'gate-failed': { exit: 4, title: 'The new home did worse than the old one, and the traffic went back' },
  'homes-differ': { exit: 4, title: 'An app is not the same in two homes' },
  'rehearsal-failed': { exit: 4, title: 'The new home does not answer as the old one does' },
  'nothing-to-move': { exit: 2, title: 'The app is nowhere, or all there already' },
  'no-such-move': { exit: 2, title: 'There is no such move' },
  'move-running': { exit: 5, title: 'The app is moving already' },
  'held-by-move': { exit: 5, title: 'A move works on the app at this moment; deployments wait for it' },
  'no-such-deployment': { exit: 2, title: 'There is no deployment with this id' },
  'not-resumable': { exit: 2, title: 'The deployment is over' },
  'already-running': { exit: 5, title: 'Another process carries this deployment on' },
  interrupted: { exit: 70, title: 'Stopped on request; the deployment can be resumed' },
  'timed-out': { exit: 70, title: 'Waited long enough; the deployment may yet succeed' },
  cancelled: { exit: 1, title: 'The deployment was cancelled' },
  'still-needed': { exit: 1, title: 'A home that is to be retired is still needed' },
  'nothing-to-bring-back': { exit: 2, title: 'Nothing was retired that could come back' },
  'nothing-to-roll-back': { exit: 2, title: 'There is no earlier release' },
  // this machine
  'store-unusable': { exit: 1, title: 'The state file cannot be read or written' },
  'file-unusable': { exit: 1, title: 'A file cannot be read or written' },
  unsupported: { exit: 2, title: 'A platform cannot do this' },
  internal: {
    exit: 1,
    title: 'A mistake inside rehome',
    hint: 'the same command with -v shows where; please report it',
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof catalogue;
export const errors: Readonly<Record<ErrorCode, ErrorSpec>> = catalogue;
