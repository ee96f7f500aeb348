import { backingFeature } from './backing.ts';

export const mongo = backingFeature({
  name: 'mongo',
  product: 'MongoDB',
  exampleUrl: 'mongodb://mongo.{env}.example:27017/{app}',
  migrates: true,
});
