/** Another batch task: adds the books up and says whether they balance. */
import { log } from '../service.js';
import { counted } from './ledger.js';

log('info', 'books added up', counted());
