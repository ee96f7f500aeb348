import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMap, parseServers, parseStat, parseTable, parseWorkers } from './parse.ts';

/** Answers are as HAProxy 2.6.12 gave them. */

const columns =
  '# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,';

test('show stat: rows by proxy and server, columns by name', () => {
  const rows = parseStat(`Name: HAProxy
${columns}
test1:hcn:k8s,s1,0,0,2,1,,39,3116,12464,,0,,0,3,0,1,DOWN,1,1,0,2,2,5,5,,1,4,1,,39,,2,0,,22,L4CON,,0,1,38,0,0,4,0,1,,,38,0,2,,,,,2,,,0,2,2,4,
test1:hcn:k8s,s2,0,0,0,1,,24,1968,7872,,0,,0,0,0,0,MAINT,1,1,0,0,1,4,4,,1,4,2,,24,,2,0,,20,,,,0,24,0,0,0,0,0,,,24,0,0,,,,,2,,,0,2,2,4,

${columns}
_over:test1:hcn:k8s,FRONTEND,,,1,3,9976,6,1200,1194,0,0,0,,,,,OPEN,,,,,,,,,1,5,0,,,,0,1,0,1,,,,0,0,0,0,6,0,,1,1,6,,,0,0,0,0,,,,,,,,
`);
  assert.deepEqual(
    rows.map(({ proxy, server, status }) => [proxy, server, status]),
    [
      ['test1:hcn:k8s', 's1', 'DOWN'],
      ['test1:hcn:k8s', 's2', 'MAINT'],
      ['_over:test1:hcn:k8s', 'FRONTEND', 'OPEN'],
    ],
  );
  const numbers = ['scur', 'eresp', 'hrsp_2xx', 'hrsp_5xx', 'srv_abrt', 'econ'].map((name) =>
    rows[0]?.number(name),
  );
  assert.deepEqual(numbers, [2, 3, 38, 4, 2, 0]);
});

test('show servers state: where each server is, and what it was told', () => {
  const states = parseServers(`1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
4 test1:hcn:k8s 1 s1 127.0.0.1 0 5 1 1 4 1 0 0 14 0 0 0 - 1 - 0 0 - - 0
4 test1:hcn:k8s 2 s2 fd00::2 2 4 1 1 1 6 3 2 6 0 0 0 - 17012 - 0 0 - - 0
4 test1:hcn:k8s 3 s3 127.0.0.1 2 8 1 1 1 6 3 2 6 0 0 0 - 17013 - 0 0 - - 0
4 test1:hcn:k8s 4 over - 2 0 1 1 4 6 3 2 6 0 0 0 - 0 - 0 0 - - 0

`);
  assert.deepEqual(
    states.map(({ server, host, port, admin }) => `${server} ${host} ${port} ${admin}`),
    ['s1 127.0.0.1 1 maint', 's2 fd00::2 17012 ready', 's3 127.0.0.1 17013 drain', 'over - 0 ready'],
  );
});

test('show map, show table and show proc', () => {
  const map = parseMap('0x5594a0224060 test1:hcn 1000\n0x5594a0224061 test1:ledger 2000:2000\n\n');
  assert.deepEqual(
    [...map],
    [
      ['test1:hcn', '1000'],
      ['test1:ledger', '2000:2000'],
    ],
  );
  const table = parseTable(
    '# table: test1:hcn:mesos, type: string, size:1024, used:2\n0x7f: key=s1 use=1 exp=599999 shard=0 conn_cur=3\n0x7e: key=over use=0 exp=1 shard=0 conn_cur=0\n\n# table: other, type: string, size:1024, used:1\n0x7d: key=s1 use=0 exp=1 conn_cur=1\n',
    'conn_cur',
  );
  assert.deepEqual(table, [
    ['test1:hcn:mesos', 's1', 3],
    ['test1:hcn:mesos', 'over', 0],
    ['other', 's1', 1],
  ]);
  const workers = parseWorkers(`#<PID>          <type>          <reloads>       <uptime>        <version>
2873            master          1 [failed: 2]   0d00h00m08s     2.6.12-1+deb12u4
# workers
2975            worker          0               0d00h00m00s     2.6.12-1+deb12u4
# old workers
2876            worker          1               0d00h00m08s     2.6.12-1+deb12u4
# programs
`);
  assert.deepEqual(workers, { current: [2975], old: [2876], failed: 2 });
});

test('an answer that is none holds nothing', () => {
  for (const text of ['', '\n', 'No such server.\n', 'Unknown command\n', 'x'.repeat(10_000)]) {
    assert.deepEqual(
      [parseStat(text), parseServers(text), [...parseMap(text)], parseTable(text, 'conn_cur')],
      [[], [], [], []],
    );
    assert.deepEqual(parseWorkers(text), { current: [], old: [], failed: 0 });
  }
});
