import { type ApprovalDesk, askedReply } from '@florin/approvals';
import { createDeposit, createWithdrawal } from '@florin/contracts';
import { type CallContext, type Endpoint, endpoint, type Reply } from '@florin/http';
import { parseMoney } from '@florin/money';
import { bucketOf } from '@florin/primitives';
import { noteOfJournal } from '../domain/audit-note.ts';
import { type CashLimits, takesTwo } from '../domain/cash-limits.ts';
import { askForCash, type CashKind } from '../use-cases/approve-cash.ts';
import { submitUnderKey } from '../use-cases/claim-key.ts';
import type { Shards } from '../use-cases/shards.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { presentCash } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

export interface CashDesk {
  readonly shards: Shards;
  readonly limits: CashLimits;
  readonly approvals: ApprovalDesk;
}

/** What tellers do with cash: up to a limit alone. */
export function cashEndpoints(desk: CashDesk): Endpoint[] {
  return [
    endpoint(createDeposit, (call) => moveCash(desk, 'deposit', call)),
    endpoint(createWithdrawal, (call) => moveCash(desk, 'withdrawal', call)),
  ];
}

async function moveCash(
  { shards, limits, approvals }: CashDesk,
  kind: CashKind,
  { body, principal, caller, idempotencyKey, traceId }: CallContext<typeof createDeposit>,
): Promise<Reply> {
  const money = parseMoney(body.amount);
  if (!money.ok) return refusal(money.failure, traceId);
  const { amountMinor, currency } = money.value;
  const reference = body.reference ?? '';
  if (takesTwo(limits, amountMinor, currency)) {
    const request = { kind, accountId: body.accountId, amountMinor, currency, reference, idempotencyKey };
    return askedReply(approvals, await askForCash(shards, approvals, caller, request), traceId);
  }
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
