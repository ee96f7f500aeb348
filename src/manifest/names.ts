export const workspaceFileName = 'rehome.yaml';
export const manifestFolder = 'services';
