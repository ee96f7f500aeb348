import { backingFeature } from './backing.ts';

export const rmq = backingFeature({
  name: 'rmq',
  product: 'RabbitMQ',
  exampleUrl: 'amqp://rmq.{env}.example:5672/{app}',
  migrates: false,
});
