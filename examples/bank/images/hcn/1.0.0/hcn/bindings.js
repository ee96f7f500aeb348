const about = /^(RMQ|RABBIT|AMQP|MONGO)/;

/** The settings that the features rmq and mongo gave this service; whatever is secret in them is masked. */
export function bindings() {
  const entries = Object.entries(process.env).filter(([name]) => about.test(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, masked(name, value)]));
}

function masked(name, value) {
  if (/PASS|SECRET|TOKEN/.test(name)) return '***';
  return value.replace(/(:\/\/[^:/@]*:)[^@]*@/, '$1***@');
}
