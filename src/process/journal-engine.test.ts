import { join } from 'node:path';
import { testEngine } from '../../test/suites/engine.ts';
import { journalEngine } from './journal-engine.ts';

testEngine('journal', journalEngine, join(import.meta.dirname, 'testing/crash.ts'));
