import { runEdgeDaemon } from '../../../src/edges/daemon/daemon.ts';
import { edgeFolder } from '../../../src/edges/daemon/discovery.ts';
import { realHost } from '../../../src/host/real.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { carriers } from './carriers.ts';
import { followHome } from './home.ts';

/** The daemon of the edge as a process of its own, for tests: node daemon.ts ROOT [HOME_URL] */
const [root = '', homeUrl] = process.argv.slice(2);
const ended = await runEdgeDaemon({
  root,
  folder: edgeFolder(root),
  host: realHost(),
  carriers,
  ports: { from: 19_500, to: 20_000, size: 20 },
  limits: { waitMs: 1_000, raiseMs: 300, stopMs: 1_000, drainMs: 3_000 },
  ...(homeUrl ? { follow: (_app, _environment, _home, signal) => followHome(homeUrl, signal) } : {}),
});
if (isFailure(ended)) {
  console.error(`${ended.code}: ${ended.message}`);
  process.exitCode = 1;
}
