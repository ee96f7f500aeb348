import { z } from 'zod';
import { parseDuration } from '../../model/duration.ts';

const name = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a name as Kubernetes takes it');

/** As text `10s`, as a value ms. */
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 10s or 5m')
  .transform((text) => parseDuration(text) ?? 0);

const ingress = z.strictObject({
  class: name.describe('Class of the Ingresses, which says what controller serves them.'),
  annotations: z
    .record(z.string(), z.string())
    .optional()
    .describe("Annotations of every Ingress, in the controller's own words."),
});

const gateway = z.strictObject({
  name: name.describe('Gateway that the HTTPRoutes attach to.'),
  namespace: name.optional().describe('Namespace of the Gateway, where it is another one.'),
  section: name.optional().describe('Listener of the Gateway, where only one is meant.'),
});

/** Keys of a home with `platform: kubernetes` in rehome.yaml. */
export const settings = z
  .strictObject({
    context: z
      .string()
      .min(1)
      .optional()
      .describe('Context of the kubeconfig; its current one where absent. In a pod neither is needed.'),
    kubeconfig: z
      .string()
      .min(1)
      .optional()
      .describe('Kubeconfig file; else $KUBECONFIG, ~/.kube/config, or what a pod is given.'),
    namespace: name.optional().describe("Namespace of the home; the context's, else `default`."),
    create_namespace: z
      .boolean()
      .optional()
      .describe('Makes the namespace where it does not exist. Default no.'),
    ingress: ingress.optional().describe('Routes become Ingresses of this class.'),
    gateway: gateway.optional().describe('Routes become HTTPRoutes at this Gateway, in place of Ingresses.'),
    service: z
      .enum(['ClusterIP', 'NodePort'])
      .optional()
      .describe(
        'Type of the Services. `NodePort` for an edge that reaches nodes but no pods. Default `ClusterIP`.',
      ),
    edge: z
      .string()
      .min(1)
      .optional()
      .describe("Address where pods reach the environment's edge, for apps that live elsewhere too."),
    drain: duration
      .optional()
      .describe(
        'How long a pod that is to end goes on serving, so that everybody lets go of it. Default `10s`.',
      ),
    forward_term: z
      .boolean()
      .optional()
      .describe(
        'Passes TERM on to what the shell of a command has started, as Mesos does; for that preStop becomes a command in the container. Default no.',
      ),
    min_ready: duration
      .optional()
      .describe('How long a new pod has to stay ready before it counts. Default `10s`.'),
    podSecurity: z
      .enum(['restricted'])
      .optional()
      .describe('Pods as the `restricted` Pod Security Standard wants them.'),
    run_as: z
      .int()
      .min(1)
      .optional()
      .describe('User that containers run as, where the image names none or root.'),
    intervals: z
      .enum(['exact', 'every', 'slowed'])
      .optional()
      .describe(
        'Intervals that no cron line can say: `exact` (default) refuses them; `every` runs them as `@every 45m`, counted from when they were armed; `slowed` does so too, and runs once a minute what is due more often.',
      ),
    take_over: z
      .array(z.string().min(1))
      .optional()
      .describe(
        'Field managers whose fields rehome takes, such as `kubectl-client-side-apply` when it adopts.',
      ),
  })
  .refine(({ ingress, gateway }) => !(ingress && gateway), 'have `ingress` or `gateway`, not both');

export type KubernetesSettings = z.infer<typeof settings>;

export const defaultDrainMs = 10_000;
export const defaultMinReadyMs = 10_000;
