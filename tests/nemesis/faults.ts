import type { StackServer } from '../../tools/stack/servers.ts';
import type { Scheduled } from './schedule.ts';
import type { LinkName, Stage } from './stage.ts';
import type { LinkCondition } from './tcp-lane.ts';

/** One thing that goes wrong, and is put right. */
export interface StackFault extends Scheduled {
  /** What it takes away, and so what others can not be taken away with it. In the order in which things are put right. */
  readonly side: Side;
  /** What it does, for people. */
  readonly meaning: string;
  begin(stage: Stage): Promise<void>;
  heal(stage: Stage): Promise<void>;
}

/** Servers are put right before the processes that lean on them. */
export const SIDES = [
  'links',
  'PostgreSQL',
  'Kafka',
  'Redis',
  'users',
  'ledgers',
  'accounts',
  'notifications',
  'gateways',
] as const;
type Side = (typeof SIDES)[number];

const SHORT_MS = [1_000, 3_000] as const;
/** A relay is another one's after 3 s. */
const PAST_A_RELAY_MS = [4_000, 6_000] as const;
/** A saga is another one's after 10 s, which is the longest lease there is. */
const PAST_ALL_LEASES_MS = [11_000, 12_000] as const;

/** What becomes of a link. */
interface Trouble {
  readonly name: string;
  readonly meaning: string;
  readonly condition: LinkCondition;
}

const CUT: Trouble = {
  name: 'is cut',
  meaning: 'open connections are reset, new ones refused',
  condition: { kind: 'cut' },
};
const DEAD: Trouble = {
  name: 'is dead',
  meaning: 'nothing arrives and nothing ends; what was sent arrives when it is well again',
  condition: { kind: 'stall', direction: 'both' },
};
const MUTE: Trouble = {
  name: 'is mute',
  meaning: 'requests arrive, and their answers when it is well again',
  condition: { kind: 'stall', direction: 'answers' },
};
const FAR: Trouble = {
  name: 'is far',
  meaning: 'each piece takes 20 to 80 ms more, 2 MB a second',
  condition: { kind: 'slow', delayMs: 20, jitterMs: 60, bytesPerSecond: 2_000_000 },
};

/** Everything that is done to the bank. */
export const FAULTS: readonly StackFault[] = [
  ...(['users', 'accounts', 'notifications'] as const).map((name) => killed(name, name)),
  killed('ledgers', 'transactions'),
  killed('ledgers', 'transactions2'),
  killed('ledgers', 'transactions', 'transactions2'),
  killed('gateways', 'gateway'),
  killed('gateways', 'gateway2'),
  frozen('ledgers', 'transactions', PAST_ALL_LEASES_MS),
  frozen('ledgers', 'transactions2', PAST_ALL_LEASES_MS),
  frozen('accounts', 'accounts', PAST_A_RELAY_MS),
  frozen('gateways', 'gateway2', PAST_A_RELAY_MS),
  killed('Kafka', 'kafka'),
  killed('Redis', 'redis'),
  {
    ...{
      name: 'Redis is emptied',
      side: 'Redis',
      holdMs: SHORT_MS,
      meaning: 'FLUSHALL; no connection notices',
    },
    begin: (stage) => stage.emptyCache(),
    heal: async () => {},
  },
  {
    ...{ name: 'PostgreSQL is restarted at once', side: 'PostgreSQL', holdMs: SHORT_MS },
    meaning: 'SIGQUIT to the one that leads, as `pg_ctl stop -m immediate`; it recovers from its log',
    begin: (stage) => stage.stopLeaderAtOnce(),
    heal: (stage) => stage.stack.start(stage.stack.leader()),
  },
  {
    ...{ name: 'the standby is killed', side: 'PostgreSQL', holdMs: SHORT_MS },
    meaning: 'SIGKILL; nothing is acknowledged until it is back',
    begin: async (stage) => stage.kill(followerOf(stage)),
    heal: (stage) => stage.stack.start(followerOf(stage)),
  },
  {
    ...{ name: 'the standby leads', side: 'PostgreSQL', holdMs: SHORT_MS },
    meaning: 'SIGKILL to the one that leads, and the standby is promoted; of the old one a standby is made anew',
    begin: async (stage) => {
      stage.kill(stage.stack.leader());
      await stage.stack.failOver();
    },
    heal: (stage) => stage.stack.start(followerOf(stage)),
  },
  linked('primary', CUT),
  linked('primary', DEAD),
  linked('primary', FAR, PAST_A_RELAY_MS),
  linked('standby', DEAD),
  linked('kafka', DEAD, PAST_A_RELAY_MS),
  linked('redis', DEAD, PAST_A_RELAY_MS),
  linked('ledgers', MUTE),
  linked('transactions', CUT),
  linked('transactions2', MUTE, PAST_A_RELAY_MS),
  linked('users', CUT),
  linked('accounts', FAR, PAST_A_RELAY_MS),
  linked('gateway', MUTE),
  linked('gateway2', FAR, PAST_A_RELAY_MS),
];

/** Those after which a client is sure to ask for what was done already. */
export const HIDING_ANSWERS = FAULTS.filter(
  ({ name }) => name === 'the link to ledgers is mute' || name === 'gateway2 frozen',
);

function killed(side: Side, ...names: StackServer[]): StackFault {
  return {
    ...{ name: `${names.join(' and ')} killed`, side, holdMs: SHORT_MS },
    meaning: 'SIGKILL: no handler runs, nothing is flushed',
    begin: async (stage) => {
      for (const name of names) stage.kill(name);
    },
    heal: async (stage) => void (await Promise.all(names.map((name) => stage.stack.start(name)))),
  };
}

function frozen(side: Side, name: StackServer, holdMs: StackFault['holdMs']): StackFault {
  return {
    ...{ name: `${name} frozen`, side, holdMs },
    meaning: 'SIGSTOP past its leases, then SIGCONT: it goes on as if nothing had been',
    begin: async (stage) => stage.freeze(name),
    heal: async (stage) => stage.thaw(name),
  };
}

function linked(link: LinkName, trouble: Trouble, holdMs: StackFault['holdMs'] = SHORT_MS): StackFault {
  return {
    ...{ name: `the link to ${link} ${trouble.name}`, side: 'links', holdMs },
    meaning: trouble.meaning,
    begin: (stage) => stage.link(link).set(trouble.condition),
    heal: (stage) => stage.link(link).set({ kind: 'pass' }),
  };
}

function followerOf({ stack }: Stage): StackServer {
  return stack.leader() === 'postgres' ? 'postgres2' : 'postgres';
}

/** The faults as a table of a page. */
export function faultTable(): string {
  const rows = FAULTS.map(({ name, meaning, side, holdMs: [least, most] }) => {
    return `| ${name} | ${side} | ${least / 1_000} to ${most / 1_000} s | ${meaning} |`;
  });
  return ['| fault | takes away | for | what it is |', '|---|---|---|---|', ...rows].join('\n');
}
