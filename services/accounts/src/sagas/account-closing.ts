import { type ActionOrigin, invariant } from '@florin/primitives';
import type { JsonObject, RetryPolicy, SagaDefinition } from '@florin/saga';
import type { AccountClosing } from '../domain/closing.ts';

// Closing an account that holds money. This service knows who may; the ledger has the money. The account takes nothing new
// before its money is moved, so what is moved is all there is; once it is moved there is no way back.

/** The ledger is milliseconds away, and back within seconds when it is restarted; while it waits it is asked often. */
const RETRY: RetryPolicy = { attemptsMax: 6, answerMs: 5_000, firstPauseMs: 100, factor: 2, pauseMsMax: 30_000 };

export const ACCOUNTS = 'accounts';
export const LEDGER = 'ledger';

export const accountClosing: SagaDefinition = {
  type: 'account-closing',
  version: 1,
  deadlineMs: 60_000,
  compensation: 'in-order',
  steps: [
    // Done in the transaction that starts the saga.
    { name: 'mark', kind: 'compensatable', participant: ACCOUNTS, do: 'mark-closing', undo: 'unmark', retry: RETRY },
    {
      name: 'begin-closing',
      kind: 'compensatable',
      participant: LEDGER,
      do: 'begin-closing',
      undo: 'reopen',
      retry: RETRY,
    },
    { name: 'sweep', kind: 'pivot', participant: LEDGER, do: 'sweep', undo: null, retry: RETRY },
    { name: 'close', kind: 'retriable', participant: LEDGER, do: 'close', undo: null, retry: RETRY },
    { name: 'record', kind: 'retriable', participant: ACCOUNTS, do: 'record-closed', undo: null, retry: RETRY },
  ],
};

/** A closing as the saga keeps it and tells it. */
export function toInput(closing: AccountClosing): JsonObject {
  const { origin, ...rest } = closing;
  return { ...rest, ...(origin === undefined ? {} : { origin: { ...origin } }) };
}

/** A closing as the saga kept it. Throws when it is not one: our own text came back changed. */
export function fromInput(input: JsonObject): AccountClosing {
  const { controlVersion, statusBefore, mayBeFrozen, roles } = input;
  invariant(Number.isSafeInteger(controlVersion), 'a closing says its control version');
  invariant(statusBefore === 'active' || statusBefore === 'frozen', 'a closing says what the account was before');
  invariant(typeof mayBeFrozen === 'boolean', 'a closing says whether the account may be frozen');
  invariant(Array.isArray(roles) && roles.every((role) => typeof role === 'string'), 'a closing says who asked');
  return {
    accountId: text(input, 'accountId'),
    targetAccountId: text(input, 'targetAccountId'),
    sweepId: text(input, 'sweepId'),
    controlVersion: Number(controlVersion),
    statusBefore,
    mayBeFrozen,
    actor: text(input, 'actor'),
    roles,
    traceId: text(input, 'traceId'),
    ...(input['origin'] === undefined ? {} : { origin: input['origin'] as unknown as ActionOrigin }),
  };
}

function text(input: JsonObject, name: string): string {
  const found = input[name];
  invariant(typeof found === 'string', `a closing says its ${name}`);
  return found;
}
