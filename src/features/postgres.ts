import { backingFeature } from './backing.ts';

export const postgres = backingFeature({
  name: 'postgres',
  product: 'PostgreSQL',
  exampleUrl: 'postgres://{app}@postgres.{env}.example:5432/{app}',
  migrates: true,
});
