import type { Database, Tx } from '@florin/postgres';
import { Fault, fail, invariant, ok, type Result } from '@florin/primitives';
import type { Ignored, SagaInput, StaffInput } from './decide.ts';
import { type Acted, type Advance, type Driver, definitionMissing } from './driver.ts';
import type { SagaReply } from './outcome.ts';
import type { Saga } from './saga.ts';
import { findSaga, lockSaga } from './store.ts';

export interface SagaNotFound {
  readonly code: 'saga-not-found';
  readonly detail: string;
}

const NOT_FOUND: SagaNotFound = { code: 'saga-not-found', detail: 'There is no such saga here.' };

/** How often an input is decided anew because somebody else wrote the saga meanwhile. */
const TRIES_MAX = 8;

/** What comes from outside: it is decided on the saga as it is, and once more when somebody was faster. */
export function sagaInputs(db: Database, driver: Driver) {
  async function take(id: string, input: SagaInput): Promise<Advance | undefined> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const held = await findSaga(db, id);
      if (held === undefined) return undefined;
      const advance = await driver.advance(held, input);
      if (advance.kind !== 'lost') return advance;
    }
    throw new Fault('saga-busy', 'the saga keeps being written by others', { retryable: true, retryAfterSeconds: 1 });
  }

  async function ask(id: string, input: SagaInput): Promise<Result<Saga, Ignored | SagaNotFound>> {
    const advance = await take(id, input);
    if (advance === undefined) return fail(NOT_FOUND);
    if (advance.kind === 'ignored') return fail(advance.why);
    if (advance.kind === 'written') return ok(advance.saga);
    throw definitionMissing();
  }

  async function actWithin(tx: Tx, id: string, input: StaffInput): Promise<Result<Acted, Ignored | SagaNotFound>> {
    invariant(input.by !== input.approvedBy, 'a second person approves what is done to a saga by hand');
    const held = await lockSaga(tx, id);
    return held === undefined ? fail(NOT_FOUND) : driver.advanceWithin(tx, held, input);
  }

  return {
    async deliver(reply: SagaReply): Promise<'taken' | 'ignored'> {
      const advance = await take(reply.sagaId, { kind: 'reply', reply });
      return advance?.kind === 'written' || advance?.kind === 'poisoned' ? 'taken' : 'ignored';
    },
    cancel: (id: string, actor: string, reason: string) => ask(id, { kind: 'cancel', actor, reason }),
    actWithin,
    async act(id: string, input: StaffInput): Promise<Result<Saga, Ignored | SagaNotFound>> {
      const acted = await db.transaction((tx) => actWithin(tx, id, input));
      if (!acted.ok) return acted;
      acted.value.committed();
      return ok(acted.value.saga);
    },
  };
}
