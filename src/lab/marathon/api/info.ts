import { json, type Reply, text } from '../../http/message.ts';
import { localPorts } from '../app/ports.ts';
import type { Marathon } from '../context.ts';

export const ping = (): Reply => text(200, 'pong');

export function showLeader({ address }: Marathon): Reply {
  return json(200, { leader: address });
}

/** There is only one to lead: it is elected again at once. */
export function abdicate(): Reply {
  return json(200, { message: 'Leadership abdicated' });
}

/** Values as of a Marathon started with its defaults, but for what is known better here. */
export function showInfo({ address, cluster, mesosUrl }: Marathon): Reply {
  const [hostname, port] = address.split(':');
  return json(200, {
    name: 'marathon',
    version: '1.11.0',
    buildref: 'embedded',
    elected: true,
    leader: address,
    frameworkId: `lab-${cluster}-marathon`,
    marathon_config: {
      access_control_allow_origin: null,
      checkpoint: true,
      decline_offer_duration: 120_000,
      default_network_name: null,
      env_vars_prefix: null,
      executor: '//cmd',
      failover_timeout: 604_800,
      features: ['task_killing', 'secrets'],
      framework_name: 'marathon',
      ha: false,
      hostname,
      local_port_max: localPorts.max,
      local_port_min: localPorts.min,
      master: mesosUrl,
      mesos_leader_ui_url: `${mesosUrl}/`,
      mesos_role: '*',
      new_group_enforce_role: 'Off',
      webui_url: `http://${address}`,
    },
    zookeeper_config: { zk: null, zk_max_versions: 50 },
    http_config: { http_port: Number(port), https_port: null },
  });
}
