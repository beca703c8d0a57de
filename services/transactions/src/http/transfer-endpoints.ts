import { createTransfer, createTransferBatch, getTransfer, type TransferRequest } from '@florin/contracts';
import { type DeniedPart, type Endpoint, endpoint, type Reply } from '@florin/http';
import { type MoneyFailure, parseMoney } from '@florin/money';
import { bucketOf, ok, type Result } from '@florin/primitives';
import type { Actor } from '../domain/actor.ts';
import { noteOfJournal } from '../domain/audit-note.ts';
import type { TransferCommand } from '../domain/command.ts';
import type { Context } from '../domain/ledger-view.ts';
import { findTransfer, type TransferSources } from '../use-cases/find-transfer.ts';
import type { KeyedTransfer } from '../use-cases/keyed-transfer.ts';
import { type PayeeFailure, resolvePayee } from '../use-cases/resolve-payee.ts';
import { sendTransfer, type Transfers } from '../use-cases/send-transfer.ts';
import type { Answer, Outcome, Present } from '../use-cases/submission.ts';
import { submitTransferBatch, type TransferBatchItem } from '../use-cases/submit-transfer-batch.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { presentJournal, presentPending, presentTransfer } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

/** What transfers are made and looked for with. */
export interface TransferDesk extends Transfers, Omit<TransferSources, 'shards'> {
  /** The business clock. */
  readonly now: () => Context;
}

const STAFF_READERS = new Set(['teller', 'supervisor', 'auditor']);
/** 500 items of a few hundred bytes each. */
const BATCH_BODY_BYTES_MAX = 512 * 1024;

/** What customers do with their money. `notePaid` hears of every IBAN a transfer was made to. */
export function transferEndpoints(
  transfers: TransferDesk,
  notePaid: (owner: string, iban: string) => void,
): Endpoint[] {
  return [
    endpoint(createTransfer, async ({ body, principal, caller, idempotencyKey, traceId }) => {
      const keyed = await keyedTransfer(transfers, body, caller, idempotencyKey);
      if (!keyed.ok) return refusal(keyed.failure, traceId);
      const outcome = await sendTransfer(transfers, principal.subject, keyed.value);
      const isBooked = outcome.kind === 'answered' && outcome.status < 300 && !outcome.isReplay;
      if (isBooked && body.toIban !== undefined) notePaid(principal.subject, body.toIban);
      return outcomeReply(outcome, traceId);
    }),
    endpoint(getTransfer, async ({ params, principal, traceId }) => {
      const isStaff = principal.roles.some((role) => STAFF_READERS.has(role));
      const found = await findTransfer(transfers, params.id, isStaff ? null : principal.subject);
      return found.ok ? { status: 200, body: presentJournal(found.value) } : refusal(found.failure, traceId);
    }),
    endpoint(
      createTransferBatch,
      async ({ body, principal, caller, idempotencyKey, traceId }) => {
        const items: TransferBatchItem[] = [];
        // What the batch says, whatever the order of its fields and however its amounts are written.
        const said: string[] = [];
        for (const item of body.items) {
          const keyed = await keyedTransfer(transfers, item, caller, item.key);
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

type RequestFailure = MoneyFailure | PayeeFailure;

/** A request as a command: the money parsed, the IBAN resolved, the key scoped to the caller and the operation. */
async function keyedTransfer(
  { shards, now }: TransferDesk,
  request: TransferRequest,
  caller: Actor,
  key: string,
): Promise<Result<KeyedTransfer, RequestFailure>> {
  const money = parseMoney(request.amount);
  if (!money.ok) return money;
  const payee = await resolvePayee(shards, request);
  if (!payee.ok) return payee;
  const { subject, traceId } = caller;
  const { amountMinor, currency } = money.value;
  const reference = request.reference ?? '';
  const { newId } = shards.first;
  const bucket = bucketOf(request.fromAccountId);
  const command: TransferCommand = {
    kind: 'transfer',
    id: newId(bucket),
    feeJournalId: newId(bucket),
    actor: subject,
    debitAccountId: request.fromAccountId,
    creditAccountId: payee.value,
    amountMinor,
    currency,
    reference,
  };
  return ok({
    scope: `${subject} createTransfer`,
    key,
    fingerprint: fingerprintOf(
      'createTransfer',
      request.fromAccountId,
      payee.value,
      amountMinor,
      currency,
      reference,
      ...(request.coordination === undefined ? [] : [request.coordination]),
    ),
    present: presentTransferOr(traceId),
    presentPending: (result) =>
      result.ok
        ? { status: 202, body: JSON.stringify(presentPending(command, result.value, now().nowMs)), isFinal: true }
        : refusalAnswer(result.failure, traceId),
    presentTwoPhase: presentTransferOr(traceId, 'two-phase'),
    coordination: request.coordination ?? 'saga',
    command,
    note: noteOfJournal(caller, 'transfer.sent', command.id),
  });
}

function presentTransferOr(traceId: string, coordination: 'local' | 'two-phase' = 'local'): Present {
  return (result) =>
    result.ok
      ? { status: 201, body: JSON.stringify(presentTransfer(result.value, coordination)), isFinal: true }
      : refusalAnswer(result.failure, traceId);
}
