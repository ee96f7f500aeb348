/** What the kubelet gives every container, and what compile adds; service links are switched off there. */
const given = /^(PORT|HOSTNAME|KUBERNETES_\w+)$/;

export function gives(variable: string): boolean {
  return given.test(variable);
}
