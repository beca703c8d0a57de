import { createDeposit, createWithdrawal } from '@florin/contracts';
import { type CallContext, type Endpoint, endpoint, type Reply } from '@florin/http';
import { parseMoney } from '@florin/money';
import { bucketOf } from '@florin/primitives';
import { noteOfJournal } from '../domain/audit-note.ts';
import { submitUnderKey } from '../use-cases/claim-key.ts';
import type { Shards } from '../use-cases/shards.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { presentCash } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

/** What tellers do with cash. */
export function cashEndpoints(shards: Shards): Endpoint[] {
  return [
    endpoint(createDeposit, (call) => moveCash(shards, 'deposit', call)),
    endpoint(createWithdrawal, (call) => moveCash(shards, 'withdrawal', call)),
  ];
}

async function moveCash(
  shards: Shards,
  kind: 'deposit' | 'withdrawal',
  { body, principal, caller, idempotencyKey, traceId }: CallContext<typeof createDeposit>,
): Promise<Reply> {
  const money = parseMoney(body.amount);
  if (!money.ok) return refusal(money.failure, traceId);
  const { amountMinor, currency } = money.value;
  const reference = body.reference ?? '';
  const ledger = shards.ofId(body.accountId);
  const id = ledger.newId(bucketOf(body.accountId));
  const outcome = await submitUnderKey(shards, principal.subject, ledger, {
    scope: `${principal.subject} ${kind}`,
    key: idempotencyKey,
    fingerprint: fingerprintOf(kind, body.accountId, amountMinor, currency, reference),
    command: {
      kind,
      id,
      actor: principal.subject,
      accountId: body.accountId,
      amountMinor,
      currency,
      reference,
    },
    note: noteOfJournal(caller, `cash.${kind}`, id),
    present: (result) =>
      result.ok
        ? { status: 201, body: JSON.stringify(presentCash(result.value)), isFinal: true }
        : refusalAnswer(result.failure, traceId),
  });
  return outcomeReply(outcome, traceId);
}
