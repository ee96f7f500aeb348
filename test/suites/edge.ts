import { describe } from 'node:test';
import { testChanges } from './edge/changes.ts';
import { testFaults } from './edge/faults.ts';
import { testKilled } from './edge/killed.ts';
import { testLife } from './edge/life.ts';
import { testProxying } from './edge/proxying.ts';
import { testShares } from './edge/shares.ts';
import type { EdgeSuite } from './edge/under-test.ts';
import { testUpgrades } from './edge/upgrades.ts';

/** The suite that every edge passes. */
export function testEdge(name: string, suite: EdgeSuite): void {
  describe(`edge ${name}`, { skip: suite.without ?? false }, () => {
    testProxying(suite);
    testUpgrades(suite);
    testFaults(suite);
    testShares(suite);
    testChanges(suite);
    testKilled(suite);
    testLife(suite);
  });
}
