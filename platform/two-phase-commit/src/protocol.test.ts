import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { branchOfName, preparedName } from './branch-name.ts';
import {
  type Acknowledgement,
  actionOnPrepared,
  judgeMissing,
  type LogAnswer,
  type Marker,
  mayPrepare,
  type Outcome,
  progress,
  propose,
  standing,
  type Vote,
} from './protocol.ts';

const yes: Vote<string> = { vote: 'yes' };
const busy: Vote<string> = { vote: 'no', code: 'busy' };
const refused: Vote<string> = { vote: 'no', code: 'refused', refusal: 'insufficient' };

describe('a coordinator proposes', () => {
  test.each<[string, Record<string, Vote<string>>, object]>([
    ['commit when all said yes', { a: yes, b: yes }, { outcome: 'commit' }],
    ['abort when one said no', { a: yes, b: busy }, { outcome: 'abort', reason: { code: 'busy', branch: 'b' } }],
    ['abort when a vote is missing', { a: yes }, { outcome: 'abort', reason: { code: 'vote-missing', branch: 'b' } }],
    [
      'abort when it cannot know',
      { a: { vote: 'unknown' }, b: yes },
      { outcome: 'abort', reason: { code: 'vote-unknown', branch: 'a' } },
    ],
    [
      'abort, and a refusal is the reason that counts',
      { a: busy, b: refused },
      { outcome: 'abort', reason: { code: 'refused', branch: 'b', refusal: 'insufficient' } },
    ],
  ])('%s', (_, votes, proposal) => {
    expect(propose(['a', 'b'], new Map(Object.entries(votes)))).toEqual(proposal);
  });
});

test('the row that is there stands, whatever is proposed', () => {
  expect(standing(undefined, 'commit')).toBe('commit');
  expect(standing('abort', 'commit')).toBe('abort');
  expect(standing('commit', 'abort')).toBe('commit');
});

test.each<[LogAnswer, string]>([
  ['commit', 'commit'],
  ['abort', 'roll-back'],
  ['undecided', 'propose-abort'],
  ['unreachable', 'ask-again'],
  ['no-coordinator', 'leave'],
])('a prepared branch whose log says %s: %s', (answer, action) => {
  expect(actionOnPrepared(answer)).toBe(action);
});

test.each<[Outcome, Marker, string]>([
  ['commit', 'prepared', 'acknowledged'],
  ['commit', 'absent', 'damaged'],
  ['commit', 'aborted', 'damaged'],
  ['abort', 'aborted', 'acknowledged'],
  ['abort', 'absent', 'write-tombstone'],
  ['abort', 'prepared', 'damaged'],
])('nothing is prepared, the decision is %s and the marker %s: %s', (outcome, marker, verdict) => {
  expect(judgeMissing(outcome, marker)).toBe(verdict);
});

test('the second phase ends with the last acknowledgement; damage needs a person whatever else is open', () => {
  expect(progress(['acknowledged', 'acknowledged'])).toBe('ended');
  expect(progress(['acknowledged', 'busy'])).toBe('open');
  expect(progress([undefined, 'acknowledged'])).toBe('open');
  expect(progress([undefined, 'damaged', 'acknowledged'])).toBe('attention');
});

describe('the name of a prepared branch', () => {
  const gid = '01998f5e-1d2c-7abc-8def-0123456789ab';

  test('can be read back', () => {
    const name = preparedName({ gid, branch: 'shard-0' });
    expect(name).toBe(`florin:${gid}:shard-0`);
    expect(branchOfName(name)).toEqual({ gid, branch: 'shard-0' });
  });

  test.each([
    { gid: `${gid}'; drop table purse; --`, branch: 'a' },
    { gid, branch: "a'b" },
    { gid, branch: '' },
    { gid, branch: 'x'.repeat(101) },
    { gid: gid.replace('-7', '-4'), branch: 'a' },
  ])('is refused for $gid and $branch', (branch) => {
    expect(() => preparedName(branch)).toThrow();
  });

  test.each(['', 'florin:', `florin:${gid}`, `florin:${gid}:`, `florin:${gid}:A`, `other:${gid}:a`, `florin:${gid}-a`])(
    'is not %s',
    (name) => {
      expect(branchOfName(name)).toBeUndefined();
    },
  );
});

/** What the world is made of in the property below: a log of one row, and branches that survive every crash. */
interface World {
  row: Outcome | undefined;
  readonly branches: Map<string, BranchState>;
  /** Votes that have reached each coordinator that runs the transaction. */
  readonly coordinators: { isAlive: boolean; decision: Outcome | undefined; votes: Map<string, Vote<string>> }[];
}

interface BranchState {
  marker: Marker;
  isPrepared: boolean;
  /** How it ended, each time that it did. */
  readonly ends: Outcome[];
}

interface Rules {
  readonly actionOnPrepared: typeof actionOnPrepared;
  readonly propose: typeof propose;
  readonly standing: typeof standing;
  readonly mayPrepare: typeof mayPrepare;
}

const RULES: Rules = { actionOnPrepared, propose, standing, mayPrepare };
interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly branch: string;
  readonly coordinator: number;
  readonly isLost: boolean;
}

const NAMES = ['a', 'b'];
/** As often as they stand here: votes mostly arrive, or no history would ever come to a commit. */
const KINDS = [
  ...(['prepare', 'prepare', 'prepare', 'prepare', 'close-vote', 'tell', 'tell', 'visit'] as const),
  ...(['lose-prepare', 'refuse', 'visit-cut-off', 'crash'] as const),
] as const;

const oneInTen = fc.nat({ max: 9 }).map((number) => number === 0);
const histories = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom(...KINDS),
    branch: fc.constantFrom(...NAMES),
    coordinator: oneInTen.map(Number),
    isLost: oneInTen,
  }),
  { maxLength: 40, size: 'max' },
);

function newWorld(): World {
  return {
    row: undefined,
    branches: new Map(NAMES.map((name) => [name, { marker: 'absent', isPrepared: false, ends: [] }])),
    coordinators: [0, 1].map(() => ({ isAlive: true, decision: undefined, votes: new Map() })),
  };
}

/** Tells a branch how it ends, as COMMIT PREPARED, ROLLBACK PREPARED and the marker do. */
function tell(world: World, name: string, outcome: Outcome): Acknowledgement {
  const branch = world.branches.get(name);
  if (branch === undefined) return 'busy';
  if (branch.isPrepared) {
    branch.isPrepared = false;
    branch.ends.push(outcome);
    branch.marker = outcome === 'commit' ? 'prepared' : 'aborted';
    return 'acknowledged';
  }
  const verdict = judgeMissing(outcome, branch.marker);
  if (verdict !== 'write-tombstone') return verdict;
  branch.marker = 'aborted';
  branch.ends.push('abort');
  return 'acknowledged';
}

function take(world: World, step: Step, rules: Rules): void {
  const name = step.branch;
  const branch = world.branches.get(name);
  const coordinator = world.coordinators[step.coordinator];
  if (branch === undefined || coordinator === undefined) return;
  const isVoting = coordinator.isAlive && coordinator.decision === undefined;
  switch (step.kind) {
    case 'prepare': {
      // Messages arrive late, twice, and after their sender has died.
      const isFree = rules.mayPrepare(branch.marker) && !branch.isPrepared;
      if (isFree) branch.isPrepared = true;
      const vote: Vote<string> = isFree ? yes : { vote: 'no', code: 'too-late' };
      if (isVoting && !coordinator.votes.has(name))
        coordinator.votes.set(name, step.isLost ? { vote: 'unknown' } : vote);
      return;
    }
    case 'lose-prepare':
    case 'refuse':
      if (isVoting && !coordinator.votes.has(name)) {
        coordinator.votes.set(name, step.kind === 'refuse' ? refused : { vote: 'unknown' });
      }
      return;
    case 'close-vote': {
      if (!isVoting) return;
      const { outcome } = rules.propose(NAMES, coordinator.votes);
      world.row = rules.standing(world.row, outcome);
      // The answer of the log is lost: the coordinator knows nothing and tells nobody.
      if (step.isLost) coordinator.isAlive = false;
      else coordinator.decision = world.row;
      return;
    }
    case 'tell':
      if (coordinator.isAlive && coordinator.decision !== undefined) tell(world, name, coordinator.decision);
      return;
    case 'crash':
      coordinator.isAlive = false;
      return;
    case 'visit':
    case 'visit-cut-off':
      if (branch.isPrepared)
        visit(world, name, step.kind === 'visit' ? (world.row ?? 'undecided') : 'unreachable', rules);
  }
}

function visit(world: World, name: string, answer: LogAnswer, rules: Rules): void {
  let action = rules.actionOnPrepared(answer);
  if (action === 'propose-abort') {
    world.row = rules.standing(world.row, 'abort');
    action = rules.actionOnPrepared(world.row);
  }
  if (action === 'commit') tell(world, name, 'commit');
  if (action === 'roll-back') tell(world, name, 'abort');
}

/** All that ended did so alike, and nothing was committed twice. */
function isConsistent(world: World): boolean {
  const ends = [...world.branches.values()].map((branch) => branch.ends);
  return new Set(ends.flat()).size <= 1 && ends.every((own) => own.filter((end) => end === 'commit').length <= 1);
}

/** Whether a history goes well: no two branches end differently on the way, and once all is healed all have ended. */
function goesWell(history: readonly Step[], rules: Rules): boolean {
  const world = newWorld();
  for (const step of history) {
    take(world, step, rules);
    if (!isConsistent(world)) return false;
  }
  for (const name of NAMES)
    if (world.branches.get(name)?.isPrepared) visit(world, name, world.row ?? 'undecided', rules);
  const row = world.row;
  const acknowledgements = row === undefined ? [] : NAMES.map((name) => tell(world, name, row));
  const isNothingPrepared = [...world.branches.values()].every((branch) => !branch.isPrepared);
  return isConsistent(world) && isNothingPrepared && progress(acknowledgements) === 'ended';
}

describe('whatever the order of votes, time-outs, resolver visits and crashes', () => {
  test('no two branches end differently, and all end', () => {
    fc.assert(
      fc.property(histories, (history) => goesWell(history, RULES)),
      { numRuns: 5_000 },
    );
  });

  test('both outcomes happen in those histories', () => {
    const rows = new Set<Outcome | undefined>();
    fc.assert(
      fc.property(histories, (history) => {
        const world = newWorld();
        for (const step of history) take(world, step, RULES);
        rows.add(world.row);
      }),
      { numRuns: 5_000 },
    );
    expect(rows).toEqual(new Set([undefined, 'commit', 'abort']));
  });

  test.each<[string, Partial<Rules>]>([
    ['rolls back by age', { actionOnPrepared: (answer) => (answer === 'commit' ? 'commit' : 'roll-back') }],
    ['commits what is undecided', { actionOnPrepared: (answer) => (answer === 'abort' ? 'roll-back' : 'commit') }],
    ['lets the last proposal win', { standing: (_, proposed) => proposed }],
    ['does not count an unknown vote', { propose: (names, votes) => propose(names, withoutUnknown(votes)) }],
    ['accepts a PREPARE after the abort', { mayPrepare: () => true }],
  ])('a protocol that %s is found out', (_, broken) => {
    const rules = { ...RULES, ...broken };
    const result = fc.check(
      fc.property(histories, (history) => goesWell(history, rules)),
      { numRuns: 20_000 },
    );
    expect(result.failed).toBe(true);
  });
});

function withoutUnknown<Refusal>(votes: ReadonlyMap<string, Vote<Refusal>>): Map<string, Vote<Refusal>> {
  return new Map([...votes].map(([name, vote]) => [name, vote.vote === 'unknown' ? { vote: 'yes' } : vote]));
}
