import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SagaInput } from './decide.ts';
import { checkDefinition, pivotIndexOf, type SagaDefinition, type StepKind } from './definition.ts';
import { replay } from './evolve.ts';
import type { Op, Outcome, SagaReply } from './outcome.ts';
import { APPLIED, DEADLINE_MS, definitionOf, Play, REJECTED, STUCK, step, UNKNOWN } from './saga.fixture.ts';
import { isFinal, type LoggedEvent } from './saga.ts';

/** What to do next, drawn without knowing where the saga is by then. */
interface Draw {
  readonly kind: SagaInput['kind'];
  readonly outcome: Outcome;
  /** How the reply differs from one to the command that is out. */
  readonly more: Partial<SagaReply>;
  readonly passesMs: number;
}

const OUTCOMES: readonly Outcome[] = [APPLIED, REJECTED, UNKNOWN, STUCK, { kind: 'pending' }, { kind: 'too_late' }];

const draws: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom<SagaInput['kind'][]>(
    ...(['reply', 'reply', 'reply', 'reply', 'due', 'due', 'cancel', 'retry', 'resolve', 'poison'] as const),
  ),
  outcome: fc.oneof({ weight: 3, arbitrary: fc.constant(APPLIED) }, fc.constantFrom(...OUTCOMES)),
  more: fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    fc.record({ attempt: fc.integer({ min: -1, max: 5 }) }),
    fc.record({ op: fc.constantFrom<Op>('do', 'undo') }),
    fc.record({ branch: fc.constantFrom('s0', 's1', 's4') }),
  ),
  passesMs: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 2_000 }) }, fc.constant(DEADLINE_MS)),
});

const definitions: fc.Arbitrary<SagaDefinition> = fc
  .record({
    undoable: fc.array(fc.boolean(), { maxLength: 4 }),
    hasPivot: fc.boolean(),
    retriable: fc.integer({ min: 0, max: 2 }),
    compensation: fc.constantFrom<SagaDefinition['compensation'][]>('in-order', 'independent'),
  })
  .map(({ undoable, hasPivot, retriable, compensation }) => {
    const kinds: StepKind[] = [
      ...undoable.map(() => 'compensatable' as const),
      ...(hasPivot ? (['pivot'] as const) : []),
      ...Array.from({ length: retriable }, () => 'retriable' as const),
    ];
    const steps = kinds.map((kind, at) => step(`s${at}`, kind, undoable[at] === false ? { undo: null } : {}));
    return definitionOf(steps, { compensation });
  })
  .filter((definition) => checkDefinition(definition).ok);

function inputOf(play: Play, { kind, outcome, more }: Draw): SagaInput {
  switch (kind) {
    case 'reply':
      return { kind, reply: play.reply(outcome, more) };
    case 'cancel':
      return { kind, actor: 'alice', reason: 'no' };
    case 'retry':
    case 'resolve':
      return play.staff(kind);
    case 'poison':
      return { kind, message: 'it threw' };
    case 'due':
      return { kind };
  }
}

/** Plays drawn inputs on a drawn definition, and hands the play to `check` after each and at the end. */
function holds(check: (play: Play, ignored: boolean) => void): void {
  fc.assert(
    fc.property(definitions, fc.array(draws, { maxLength: 40 }), (definition, inputs) => {
      const play = new Play(definition);
      frozen(play.saga);
      for (const draw of inputs) {
        play.nowMs += draw.passesMs;
        const ignored = play.try(inputOf(play, draw));
        frozen(play.saga);
        check(play, ignored !== null);
      }
    }),
    { numRuns: 400 },
  );
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

function eventsOf<Kind extends LoggedEvent['kind']>(play: Play, kind: Kind): Extract<LoggedEvent, { kind: Kind }>[] {
  return play.log.filter((event): event is Extract<LoggedEvent, { kind: Kind }> => event.kind === kind);
}

it('is what its log adds up to, and the log has no gaps and only grows', () => {
  holds((play) => {
    expect(replay(play.log)).toEqual(play.saga);
    expect(play.log.map((event) => event.seq)).toEqual(play.log.map((_, at) => at + 1));
    expect(play.log.every((event, at) => event.atMs >= (play.log[at - 1]?.atMs ?? 0))).toBe(true);
  });
});

it('changes nothing when an input does not concern it', () => {
  fc.assert(
    fc.property(definitions, fc.array(draws, { maxLength: 40 }), (definition, inputs) => {
      const play = new Play(definition);
      for (const draw of inputs) {
        const before = { saga: play.saga, length: play.log.length };
        if (play.try(inputOf(play, draw)) !== null)
          expect({ saga: play.saga, length: play.log.length }).toEqual(before);
        else expect(play.log.length).toBeGreaterThan(before.length);
      }
    }),
  );
});

it('never turns back once the pivot was sent, unless the pivot said that it did not happen', () => {
  holds((play) => {
    const pivotIndex = pivotIndexOf(play.definition);
    const turnedAt = play.log.findIndex((event) => event.kind === 'turned-back');
    if (turnedAt === -1) return;
    const before = play.log.slice(0, turnedAt);
    const wasSent = before.some((event) => event.kind === 'sent' && event.step >= pivotIndex);
    const last = before.at(-1);
    const wasRefused =
      last?.kind === 'answered' && (last.outcome.kind === 'rejected' || last.outcome.kind === 'too_late');
    expect(wasSent && !wasRefused).toBe(false);
    expect(eventsOf(play, 'turned-back')).toHaveLength(1);
  });
});

it('C1: undoes in the reverse of the order, and only what was sent and was not rejected', () => {
  holds((play) => {
    if (play.log.some((event) => event.kind === 'retried' || event.kind === 'resolved')) return;
    const sent = eventsOf(play, 'sent');
    const undone = sent.filter((event) => event.op === 'undo').map((event) => event.step);
    expect(undone).toEqual(undone.toSorted((a, b) => b - a));
    const done = new Set(sent.filter((event) => event.op === 'do').map((event) => event.branch));
    for (const event of sent) {
      if (event.op !== 'undo') continue;
      expect(done.has(event.branch)).toBe(true);
      expect(play.saga.rejected).not.toContain(event.branch);
    }
  });
});

it('is final only when every step is accounted for', () => {
  holds((play) => {
    const { steps } = play.definition;
    const sent = new Set(eventsOf(play, 'sent').map((event) => event.branch));
    if (play.saga.status === 'completed') {
      for (const { name } of steps) expect(play.saga.outputs).toHaveProperty(name);
    }
    if (play.saga.status === 'compensated') {
      for (const { name, undo } of steps) {
        if (!sent.has(name) || undo === null) continue;
        expect([...play.saga.undone, ...play.saga.rejected]).toContain(name);
      }
      expect(play.saga.uncompensated).toEqual([]);
    }
  });
});

it('has a command out exactly when it says so, and wakes by itself unless it is stopped', () => {
  holds((play, wasIgnored) => {
    if (wasIgnored) return;
    const { command, nextRunInMs, saga } = play.last;
    expect(command !== null).toBe(saga.phase === 'sent' && play.last.events.some((event) => event.kind === 'sent'));
    expect(nextRunInMs === null).toBe(saga.phase === 'stopped');
    if (nextRunInMs !== null) expect(nextRunInMs).toBeGreaterThan(0);
    if (isFinal(saga)) expect(saga.phase).toBe('stopped');
  });
});

it('sends the same text at every attempt of a command, so that a participant knows it again', () => {
  const payloads = new Map<string, unknown>();
  let playing: Play | undefined;
  holds((play) => {
    if (playing !== play) payloads.clear();
    playing = play;
    const { command } = play.last;
    if (command === null) return;
    const name = `${command.op} ${command.branch}`;
    const first = payloads.get(name) ?? command.payload;
    payloads.set(name, first);
    expect(command.payload).toEqual(first);
  });
});

it('ends once everybody answers and people help, wherever it was', () => {
  fc.assert(
    fc.property(definitions, fc.array(draws, { maxLength: 30 }), (definition, inputs) => {
      const play = new Play(definition);
      for (const draw of inputs) play.try(inputOf(play, draw));
      for (let round = 0; round < 60 && !isFinal(play.saga); round += 1) {
        if (play.saga.phase === 'stopped') play.act('retry');
        else if (play.saga.phase === 'waiting') play.due();
        else play.answer(APPLIED);
      }
      expect(isFinal(play.saga)).toBe(true);
    }),
  );
});
