import type { Service } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { remarksOf } from '../../remarks.ts';
import { serviceName } from '../names.ts';
import type { Frame } from './frame.ts';
import { labelsOf, selectorOf, serviceComponent } from './labels.ts';

/**
 * A node is emptied one pod at a time; of one instance alone, it could not be emptied at all. Pods that are broken
 * already do not hold it up. https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function compileBudget({ app, front }: Frame, service: Service): readonly NativeObject[] {
  if (service.instances < 2) return [];
  const name = serviceName(app.name, service === front ? app.name : service.name);
  const component = serviceComponent(service.name);
  const body = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, labels: labelsOf(app.name, component) },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(app.name, component) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
  return [{ kind: 'PodDisruptionBudget', id: name, body, remarks: remarksOf(app, {}) }];
}
