import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, expect, expectExit, expectVersion, latest, same, versions } from './expect.ts';
import { moving } from './moving.ts';
import { processesOf } from './processes.ts';
import type { Chapter, Stage } from './stage.ts';
import { countTicks } from './ticks.ts';
import { startTraffic } from './traffic.ts';

const requestsPerSecond = 100;

export const chapters: readonly Chapter[] = [
  {
    name: 'lab',
    title: 'A data centre on this machine',
    async tell({ voice, shell, folder }) {
      voice.say(
        `The workspace is a copy of examples/bank in ${folder}. The lab is an embedded Mesos:`,
        'Marathon, Chronos and the processes that they start, on 127.0.0.1 only.',
      );
      await expectExit(shell, 0, 'rehome lab up');
    },
  },
  {
    name: 'deploy',
    title: 'Seven services, seven manifests, one command',
    async tell(stage) {
      const { voice, shell } = stage;
      voice.say(
        'A deployment is a process: lock, check, migrate, roll out, crons, test, watch, tell people. Here are',
        'seven at once; who needs another one waits for it in its tests.',
      );
      const apps = 'hcn account document worker api web statements'.replace(/\w+/g, '$&:1.0.0');
      await expectExit(shell, 0, `./deploy-app.sh -e test1 ${apps} --parallel 7`);
      stage.cronsSince = Date.now();
      await expectExit(shell, 0, 'rehome status -e test1');
    },
  },
  {
    name: 'sync',
    title: 'Another environment, brought to the same versions',
    async tell({ voice, shell }) {
      voice.say('What runs is read from the platform itself, so nobody keeps a list.');
      await expectExit(shell, 0, './sync.sh -e test2 -t test1 --parallel 7');
      const [one, two] = await Promise.all(['test1', 'test2'].map((where) => versions(shell, where)));
      expect(same(one, two), `test2 differs from test1: ${JSON.stringify({ one, two })}`);
    },
  },
  {
    name: 'upgrade',
    title: 'An upgrade while customers are at it',
    async tell(stage) {
      const { voice, shell, target } = stage;
      voice.say(
        `From now on customers read accounts and move money, ${requestsPerSecond} requests a second`,
        'through the stable address of the api. Nobody asks twice: what fails, failed.',
      );
      const address = await addressOf(shell, 'api');
      stage.traffic = startTraffic(address, join(target.data, 'test1'), requestsPerSecond);
      const apps = 'account:1.1.0 document:1.1.0 statements:1.1.0 api:1.1.0 web:1.1.0';
      await expectExit(shell, 0, `rehome deploy -e test1 ${apps} --parallel 5`);
    },
  },
  {
    name: 'broken',
    title: 'A version that does not start',
    async tell({ voice, shell }) {
      voice.say(
        'account 1.2.0 wants a setting that nobody gave it. The old version serves on all the while.',
      );
      await expectExit(shell, 4, 'rehome deploy -e test1 account:1.2.0');
      const last = await latest(shell, 'account', 'test1');
      expect(last.status === 'rolled-back', `its status is ${last.status}`);
      const told = `${last.failure?.message}\n${last.failure?.details}`;
      expect(told.includes('LEDGER_URL is not set'), 'it does not say why');
      await expectVersion(shell, 'account', '1.1.0');
    },
  },
  {
    name: 'falls-ill',
    title: 'A version that falls ill after a while',
    async tell(stage) {
      const { voice, shell } = stage;
      voice.say(
        'api 1.2.0 starts well and passes its tests, but six seconds after its start it falls ill. For that,',
        'the step `watch` looks on for a while after everything seems to be done.',
      );
      await expectExit(shell, 4, 'rehome deploy -e test1 api:1.2.0');
      const last = await latest(shell, 'api', 'test1');
      expect(last.status === 'rolled-back', `its status is ${last.status}`);
      await expectVersion(shell, 'api', '1.1.0');
    },
  },
  ...moving,
  {
    name: 'books',
    title: 'What the customers saw of all this',
    tell: closeTheBooks,
  },
  {
    name: 'killed',
    title: 'Somebody pulls the plug',
    async tell({ voice, shell }) {
      voice.say('A deployment is killed in its middle, with kill -9. Its journal knows how far it came.');
      let killed = false;
      await shell.run('rehome deploy -e test2 account:1.1.0', {
        verbose: true,
        onLine: (line, pid) => {
          if (killed || !line.includes('rollout begins')) return;
          killed = true;
          process.kill(pid, 'SIGKILL');
          voice.command(`kill -9 ${pid}`);
        },
      });
      expect(killed, 'it was over before it could be killed');
      const { deployment } = await latest(shell, 'account', 'test2');
      await expectExit(shell, 0, `rehome resume ${deployment}`);
      const after = await latest(shell, 'account', 'test2');
      expect(after.deployment === deployment && after.status === 'done', `it is ${after.status}`);
      await expectVersion(shell, 'account', '1.1.0', 'test2');
    },
  },
  {
    name: 'messages',
    title: 'What people were told',
    async tell({ voice, folder }) {
      const file = 'data/notifications.jsonl';
      const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
      const messages = lines.map((line) => JSON.parse(line) as { event: string; text: string });
      const bad = messages.filter(({ event }) => event !== 'done');
      voice.say(
        `rehome.yaml says who is told: here, the terminal and ${file}. ${messages.length} messages were sent;`,
        `these are about what went wrong, and about what is well again since:`,
      );
      for (const { text } of bad) voice.output(text);
      const count = (event: string) => messages.filter((one) => one.event === event).length;
      expect(count('rolled-back') === 2, `${count('rolled-back')} messages tell of a rollback, not 2`);
      expect(bad.length === 2 + count('recovered'), 'something else went wrong as well');
    },
  },
  {
    name: 'crons',
    title: 'What ran every five seconds',
    async tell(stage) {
      const { voice, folder, measured, target, cronsSince = 0 } = stage;
      const file = join(target.data, 'test1/statements/ticks.jsonl');
      measured.ticks = countTicks(file, 5_000, cronsSince, await until(stage));
      const { expected, missed, doubled } = measured.ticks;
      voice.say(
        'The cron of statements notes every run in a file of its own, also while it was upgraded:',
        target.home === 'k8s'
          ? 'on Kubernetes it runs once a minute, so it is counted until it went there:'
          : '',
      );
      voice.output(`${expected} expected, ${missed} missed, ${doubled} doubled`);
      expect(expected > 0 && missed === 0 && doubled === 0, 'the crons did not keep their time');
      for (const pid of processesOf(folder)) stage.pids.add(pid);
    },
  },
];

/** Up to when the crons ran every five seconds, ms since 1970. */
async function until({ shell, target }: Stage): Promise<number> {
  if (target.home !== 'k8s') return Date.now();
  const { actions } = await shell.look<{ actions: readonly { at: string; action: string }[] }>(
    'move status statements -e test1',
  );
  const disarmed = actions.find(({ action }) => action.startsWith('disarm the crons of mesos'));
  return disarmed ? Date.parse(disarmed.at) : Date.now();
}

/** Ends the traffic and says what became of it. */
async function closeTheBooks(stage: Stage): Promise<void> {
  const { voice, measured, traffic } = stage;
  if (!traffic) return;
  stage.traffic = undefined;
  const { reasons, ...requests } = await traffic.stop();
  measured.requests = requests;
  const { sent, failed, duplicated } = requests;
  voice.say(
    'That was the end of the traffic. Through an upgrade of five services, two rollbacks and every move:',
  );
  voice.output(`${sent} requests sent, ${failed} failed, ${duplicated} transfers carried out twice`);
  expect(sent > 0 && failed === 0 && duplicated === 0, `requests failed: ${reasons.join(', ')}`);
}
