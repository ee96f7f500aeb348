import { expect, expectExit, expectVersion } from './expect.ts';
import type { Shell } from './shell.ts';
import type { Chapter } from './stage.ts';

const apps = 'hcn account document worker api web statements';

interface Homes {
  readonly apps: readonly {
    readonly app: string;
    readonly homes: readonly { readonly home: string; readonly share: number; readonly duty: boolean }[];
  }[];
}

/** From the Mesos of the lab to another home, while customers are at it. */
export const moving: readonly Chapter[] = [
  {
    name: 'gate',
    title: 'A move that turns back by itself',
    async tell({ voice, shell, target }) {
      voice.say(
        `test1 has a second home, ${target.words}. api 1.3.0 is well on Mesos and slow there; no test finds`,
        'that. But at each stage of a move the new home is held against the old one.',
      );
      await expectExit(shell, 0, 'rehome deploy -e test1 api:1.3.0');
      await expectExit(shell, 4, `rehome move api -e test1 --to ${target.home} --stages 50 --hold 4s`);
      await livesIn(shell, 'mesos', ['api']);
      await expectExit(shell, 0, 'rehome deploy -e test1 api:1.1.0');
    },
  },
  {
    name: 'move',
    title: 'The whole bank changes its home',
    async tell({ voice, shell, target }) {
      voice.say(
        `Seven services, ${target.wave} at once: arrive dark, compare, rehearse, 10, 50 and 100 % of the traffic, then the crons`,
        'between two of their ticks. One team deploys twice meanwhile, and need not know.',
      );
      target.beforeAll?.(voice.say);
      const deployed: Promise<void>[] = [];
      const line = `rehome move --all --wave ${target.wave} -e test1 --to ${target.home}`;
      const ran = await shell.run(line, {
        onLine: (text) => {
          if (deployed.length === 0 && text.includes(`10 % to ${target.home}`) && text.includes('account'))
            deployed.push(deployTwice(shell));
        },
      });
      await Promise.all(deployed);
      expect(ran.code === 0, `\`${line}\` ended with ${ran.code}:\n${ran.text}`);
      expect(deployed.length === 1, 'account was never at 10 %');
      await livesIn(shell, target.home, apps.split(' '));
      await expectExit(shell, 0, 'rehome status -e test1');
    },
  },
  {
    name: 'retire',
    title: 'The old home is given up',
    async tell({ voice, shell, target }) {
      voice.say('With proof that nothing reaches it any more; what was there is kept as a snapshot.');
      await expectExit(shell, 0, `rehome retire ${apps} -e test1 --from mesos --wait`);
      const { apps: left } = await shell.look<Homes>('status -e test1');
      const homes = new Set(left.flatMap((one) => one.homes.map(({ home }) => home)));
      expect(homes.size === 1 && homes.has(target.home), `apps still live in ${[...homes].join(', ')}`);
    },
  },
];

async function deployTwice(shell: Shell): Promise<void> {
  for (const version of ['1.0.0', '1.1.0']) {
    await expectExit(shell, 0, `rehome deploy -e test1 account:${version}`);
  }
  await expectVersion(shell, 'account', '1.1.0');
}

async function livesIn(shell: Shell, home: string, names: readonly string[]): Promise<void> {
  const { apps: found } = await shell.look<Homes>('status -e test1');
  for (const { app, homes } of found.filter((one) => names.includes(one.app))) {
    const has = homes.find((one) => one.home === home);
    expect(has?.share === 100 && has.duty, `${app} is not all in ${home}: ${JSON.stringify(homes)}`);
  }
}
