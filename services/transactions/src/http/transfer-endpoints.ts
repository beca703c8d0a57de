import { createTransfer, createTransferBatch, getTransfer, mayAny, type TransferRequest } from '@florin/contracts';
import { type DeniedPart, type Endpoint, endpoint, type Reply } from '@florin/http';
import { type MoneyFailure, parseMoney } from '@florin/money';
import { bucketOf, fail, ok, type Result } from '@florin/primitives';
import type { Principal } from '@florin/security';
import { noteOfJournal } from '../domain/audit-note.ts';
import type { TransferCommand } from '../domain/command.ts';
import { isConsented } from '../domain/consented-payment.ts';
import type { Payer } from '../domain/payer.ts';
import { findTransfer } from '../use-cases/find-transfer.ts';
import type { KeyedTransfer } from '../use-cases/keyed-transfer.ts';
import { requestApproval } from '../use-cases/request-approval.ts';
import { type PayeeFailure, resolvePayee } from '../use-cases/resolve-payee.ts';
import { sendTransfer } from '../use-cases/send-transfer.ts';
import type { Answer, Outcome, Present } from '../use-cases/submission.ts';
import { submitTransferBatch, type TransferBatchItem } from '../use-cases/submit-transfer-batch.ts';
import type { TransferDesk } from '../use-cases/transfer-desk.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { confirmationIn, payerOf, unreadableConfirmation } from './payer.ts';
import { presentJournal, presentPending, presentTransfer } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

/** 500 items of a few hundred bytes each. */
const BATCH_BODY_BYTES_MAX = 512 * 1024;

/** What customers do with their money. `notePaid` hears of every IBAN a transfer was made to. */
export function transferEndpoints(
  transfers: TransferDesk,
  notePaid: (owner: string, iban: string) => void,
): Endpoint[] {
  return [
    endpoint(createTransfer, async ({ body, principal, caller, headers, idempotencyKey, traceId }) => {
      const confirmation = confirmationIn(headers);
      if (!confirmation.ok) return unreadableConfirmation(confirmation.failure, traceId);
      const under = keyOf(principal, body, idempotencyKey);
      if (!under.ok) return refusal(under.failure, traceId);
      const key = { ...under.value, confirmationId: confirmation.value };
      const keyed = await keyedTransfer(transfers, body, payerOf(principal, caller), key);
      if (!keyed.ok) return refusal(keyed.failure, traceId);
      const outcome = await sendTransfer(transfers, principal.subject, keyed.value);
      const isBooked = outcome.kind === 'answered' && outcome.status < 300 && !outcome.isReplay;
      if (isBooked && body.toIban !== undefined) notePaid(principal.subject, body.toIban);
      const isUsed = outcome.kind === 'key-reused' && under.value.consentedKey !== undefined;
      return isUsed ? refusal(CONSENT_USED, traceId) : outcomeReply(outcome, traceId);
    }),
    endpoint(getTransfer, async ({ params, principal, traceId }) => {
      const isStaff = mayAny(principal.roles, ['transfers:read:any']);
      const found = await findTransfer(transfers, params.id, isStaff ? null : principal.subject);
      return found.ok ? { status: 200, body: presentJournal(found.value) } : refusal(found.failure, traceId);
    }),
    endpoint(
      createTransferBatch,
      async ({ body, principal, caller, idempotencyKey, traceId }) => {
        const items: TransferBatchItem[] = [];
        // What the batch says, whatever the order of its fields and however its amounts are written.
        const said: string[] = [];
        const payer = payerOf(principal, caller);
        for (const item of body.items) {
          const key = { ...ownKey(principal, item.key), confirmationId: item.confirmation ?? null };
          const keyed = await keyedTransfer(transfers, item, payer, key);
          items.push(keyed.ok ? { keyed: keyed.value } : { refused: refusedOf(refusal(keyed.failure, traceId)) });
          said.push(item.key, keyed.ok ? keyed.value.fingerprint : JSON.stringify(item));
        }
        const outcome = await submitTransferBatch(transfers, {
          mode: body.mode,
          items,
          actor: principal.subject,
          scope: `${principal.subject} createTransferBatch`,
          key: idempotencyKey,
          fingerprint: fingerprintOf('createTransferBatch', body.mode, ...said),
          crossesShards: refusalAnswer(CROSSES, traceId),
          describe: (kind) => refusedOf(outcomeReply({ kind }, traceId)),
          notApplied: refusalAnswer(NOT_APPLIED, traceId),
        });
        return { ...outcomeReply(outcome, traceId), denials: deniedItems(body.items, outcome) };
      },
      { bodyLimitBytes: BATCH_BODY_BYTES_MAX },
    ),
  ];
}

/** The items whose account is not there for the caller: somebody else's may not be tried out by the hundred unseen. */
function deniedItems(items: readonly TransferRequest[], outcome: Outcome): DeniedPart[] {
  if (outcome.kind !== 'answered' || outcome.status !== 200) return [];
  const answers: { status: number; problem?: { code: string } }[] = JSON.parse(outcome.body).items;
  return answers.flatMap(({ status, problem }, index) =>
    status === 404 ? [{ resource: `account:${items[index]?.fromAccountId}`, reason: problem?.code ?? '' }] : [],
  );
}

const NOT_APPLIED = { code: 'batch-not-applied', detail: 'Another item of the atomic batch was refused.' } as const;
const CROSSES = { code: 'batch-crosses-shards', detail: 'All or nothing is possible within one shard only.' } as const;

function refusedOf(reply: Reply): Answer {
  return { status: reply.status, body: reply.text ?? '', isFinal: false };
}

const CONSENT_USED = {
  code: 'payment-consent-used',
  detail: 'The customer allowed one payment, and it was asked for under another Idempotency-Key.',
} as const;

type RequestFailure = MoneyFailure | PayeeFailure;

/** The key a transfer is made under, once. */
interface TransferKey {
  readonly scope: string;
  readonly key: string;
  /** The caller's own key, where that of the consent stands in its place. */
  readonly consentedKey?: string;
}

function ownKey({ subject }: Principal, key: string): TransferKey {
  return { scope: `${subject} createTransfer`, key };
}

/**
 * A program that is not the bank's pays under the key of the consent, so the ledger itself sees to it that it pays once,
 * whatever keys it sends and however many requests there are at a time; its own key is part of what is asked for, so that
 * the same request again gets the same answer. Fails with `payment-not-consented`.
 */
function keyOf(
  principal: Principal,
  request: TransferRequest,
  key: string,
): Result<TransferKey, { readonly code: 'payment-not-consented'; readonly detail: string }> {
  const { thirdParty, sessionId, subject } = principal;
  if (thirdParty === undefined) return ok(ownKey(principal, key));
  const { payment } = thirdParty;
  if (payment === undefined || sessionId === undefined || !isConsented(request, payment)) {
    const detail = 'The customer allowed this program no such payment.';
    return fail({ code: 'payment-not-consented', detail });
  }
  return ok({ scope: `${subject} consented-payment`, key: sessionId, consentedKey: key });
}

/** A request as a command: the money parsed, the IBAN resolved, the key scoped to the caller and the operation. */
async function keyedTransfer(
  { shards, now, approvals }: TransferDesk,
  request: TransferRequest,
  payer: Payer,
  under: TransferKey & { readonly confirmationId: string | null },
): Promise<Result<KeyedTransfer, RequestFailure>> {
  const money = parseMoney(request.amount);
  if (!money.ok) return money;
  const payee = await resolvePayee(shards, request);
  if (!payee.ok) return payee;
  const { amountMinor, currency } = money.value;
  const reference = request.reference ?? '';
  const { newId } = shards.first;
  const { subject, traceId } = payer;
  const { fromAccountId } = request;
  const sides = { debitAccountId: fromAccountId, creditAccountId: payee.value };
  const approval = await requestApproval(approvals, payer, {
    debitAccountId: fromAccountId,
    payee: { accountId: payee.value },
    confirmationId: under.confirmationId,
  });
  const bucket = bucketOf(fromAccountId);
  const command: TransferCommand = {
    kind: 'transfer',
    id: newId(bucket),
    feeJournalId: newId(bucket),
    actor: subject,
    ...sides,
    amountMinor,
    currency,
    reference,
    ...(approval === undefined ? {} : { approval }),
  };
  return ok({
    scope: under.scope,
    key: under.key,
    fingerprint: fingerprintOf(
      'createTransfer',
      fromAccountId,
      payee.value,
      amountMinor,
      currency,
      reference,
      ...(request.coordination === undefined ? [] : [request.coordination]),
      ...(under.consentedKey === undefined ? [] : [under.consentedKey]),
    ),
    present: presentTransferOr(traceId),
    presentPending: (result) =>
      result.ok
        ? { status: 202, body: JSON.stringify(presentPending(command, result.value, now().nowMs)), isFinal: true }
        : refusalAnswer(result.failure, traceId),
    presentTwoPhase: presentTransferOr(traceId, 'two-phase'),
    coordination: request.coordination ?? 'saga',
    command,
    note: noteOfJournal(payer, 'transfer.sent', command.id),
  });
}

function presentTransferOr(traceId: string, coordination: 'local' | 'two-phase' = 'local'): Present {
  return (result) =>
    result.ok
      ? { status: 201, body: JSON.stringify(presentTransfer(result.value, coordination)), isFinal: true }
      : refusalAnswer(result.failure, traceId);
}
