import { type OutgoingEvent, outboxStatement } from '@florin/messaging';
import type { Clock, NewId } from '@florin/primitives';
import { bucketOf, Fault, invariant } from '@florin/primitives';
import { decide } from '../domain/decide.ts';
import type { Context, Decision, LedgerDraft } from '../domain/ledger-view.ts';
import { eventsOf } from '../events/publish.ts';
import { type CommandKey, SAGA_SCOPE } from '../repositories/commands.ts';
import { fromInput, postDebitOf } from '../sagas/crossing-transfer.ts';
import { GroupCommit } from '../use-cases/group-commit.ts';
import type { Outcome, Submission, Written } from '../use-cases/submission.ts';
import { debited, type Heard, react, type Spoken } from './choreography.ts';

type GroupCommitDeps = ConstructorParameters<typeof GroupCommit>[0];

const BYTES_PER_REACTION = 4_096;
const SOURCE = 'transactions';

/**
 * The ledger's group commit for choreographed transfers. Where the ledger would set money aside and begin a saga, the money
 * goes to clearing in the same transaction, and the payee's shard is told by an event.
 */
export class ChoreographedCommit extends GroupCommit {
  readonly #said: WeakMap<Decision, OutgoingEvent>;
  readonly #newId: NewId;

  constructor(deps: Omit<GroupCommitDeps, 'outbox'> & { readonly clock: Clock; readonly newId: NewId }) {
    const said = new WeakMap<Decision, OutgoingEvent>();
    super({
      ...deps,
      outbox(decisions, view, { nowMs }) {
        const when = { bookedAt: isoTime(nowMs), writtenAt: isoTime(deps.clock()) };
        const events = decisions.flatMap((decision) => {
          const told = said.get(decision);
          return told === undefined ? eventsOf(decision, view, when) : [...eventsOf(decision, view, when), told];
        });
        return events.length === 0 ? null : outboxStatement(SOURCE, events);
      },
    });
    this.#said = said;
    this.#newId = deps.newId;
  }

  override submit(submission: Submission): Promise<Outcome> {
    return super.submit({
      ...submission,
      decide: (draft, known, context) => {
        const { outcome, written } = submission.decide(draft, known, context);
        return { outcome, written: this.#debitFor(written, draft, context) };
      },
    });
  }

  /** Does what is to be done about an event, once: the record of the step commits with it. Throws to be told again. */
  async hear(heard: Heard): Promise<void> {
    const { crossing, accountId, reaction } = heard;
    const key: CommandKey = { scope: SAGA_SCOPE, key: `${crossing.transferId}:${reaction.does}:do` };
    const answered = { kind: 'answered', status: 200, body: '{}', versions: [] } as const;
    const outcome = await super.submit({
      name: reaction.does,
      accountIds: reaction.does === 'complete' ? [] : [accountId],
      keys: [key],
      holdIds: [],
      journalIds: [],
      weight: 1,
      bytes: BYTES_PER_REACTION,
      replay: (known) => (known.get(key) === undefined ? null : { ...answered, isReplay: true }),
      decide: (draft, known, context) => {
        const decision = this.#say(react(draft, heard, this.#newId(bucketOf(accountId)), context));
        const record = { ...key, fingerprint: reaction.on, status: answered.status, body: answered.body };
        known.add(record);
        return { outcome: { ...answered, isReplay: false }, written: { decisions: [decision], commands: [record] } };
      },
    });
    if (outcome.kind !== 'answered') throw new Fault(outcome.kind, 'the event must come again', { retryable: true });
  }

  #debitFor({ sagas = [], ...written }: Written, draft: LedgerDraft, context: Context): Written {
    const debits = sagas.map(({ transition }) => {
      const crossing = fromInput(transition.saga.input);
      const posted = decide(draft, postDebitOf(crossing), context);
      invariant(posted.ok, 'what was set aside a moment ago can be posted');
      draft.evolve(posted.value);
      return this.#say({ decision: posted.value, event: debited(crossing, posted.value) });
    });
    return { ...written, decisions: [...written.decisions, ...debits] };
  }

  #say({ decision, event }: Spoken): Decision {
    this.#said.set(decision, event);
    return decision;
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
