import { after, before, describe } from 'node:test';
import { testCrons } from './platform/crons.ts';
import { testDeploys } from './platform/deploys.ts';
import { testFaults } from './platform/faults.ts';
import { testFollowing } from './platform/following.ts';
import { testJobs } from './platform/jobs.ts';
import { testLens } from './platform/lens.ts';
import { homeUnderTest, type PlatformSuite } from './platform/under-test.ts';

/**
 * The suite that every platform passes, against a real home of its kind. What a platform has no capability for is
 * skipped, with a word about it.
 */
export function testPlatform(suite: PlatformSuite): void {
  const { name } = suite.platform;
  describe(`platform ${name}: models`, () => testLens(suite));
  // Every test has an app of its own, and mostly waits.
  describe(`platform ${name}`, { concurrency: 5, skip: suite.skip ?? false }, () => {
    const home = homeUnderTest(suite);
    before(() => home.start());
    after(() => home.stop());
    testDeploys(home);
    testFaults(home);
    testFollowing(home);
    testJobs(home);
    testCrons(home);
  });
}
