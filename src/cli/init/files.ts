import { helloManifest, helloServer } from './hello.ts';
import { gitignore, rehomeYaml } from './rehome-yaml.ts';
import { deployAppScript, deployK8sAppScript, syncScript } from './scripts.ts';

export interface NewFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean;
}

/** What `rehome init` writes. */
export const newFiles: readonly NewFile[] = [
  { path: 'rehome.yaml', text: rehomeYaml },
  { path: 'services/hello.yml', text: helloManifest },
  { path: 'images/hello/1.0.0/server.mjs', text: helloServer },
  { path: 'deploy-app.sh', text: deployAppScript, executable: true },
  { path: 'deploy-k8s-app.sh', text: deployK8sAppScript, executable: true },
  { path: 'sync.sh', text: syncScript, executable: true },
  { path: '.gitignore', text: gitignore },
];
