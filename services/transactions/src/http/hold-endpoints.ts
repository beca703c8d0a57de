import { captureHold, createHold, voidHold } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { type Money, type MoneyFailure, parseMoney, type WireMoney } from '@florin/money';
import { bucketOf, ok, type Result } from '@florin/primitives';
import type { Decision } from '../domain/ledger-view.ts';
import { submitUnderKey } from '../use-cases/claim-key.ts';
import { endHold, isCapturable } from '../use-cases/end-hold.ts';
import type { Shards } from '../use-cases/shards.ts';
import type { Present } from '../use-cases/submission.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { presentHold } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

/** Holds, for the services whose sagas set money aside. */
export function holdEndpoints(shards: Shards): Endpoint[] {
  return [
    endpoint(createHold, async ({ body, principal, idempotencyKey, traceId }) => {
      const money = parseMoney(body.amount);
      if (!money.ok) return refusal(money.failure, traceId);
      const { amountMinor, currency } = money.value;
      const reference = body.reference ?? '';
      const expiresAtMs = body.expiresAt === undefined ? null : Date.parse(body.expiresAt);
      const sagaId = body.sagaId ?? null;
      const ledger = shards.ofId(body.accountId);
      const outcome = await submitUnderKey(shards, principal.subject, ledger, {
        scope: `${principal.subject} createHold`,
        key: idempotencyKey,
        fingerprint: fingerprintOf('createHold', body.accountId, amountMinor, currency, reference, expiresAtMs, sagaId),
        present: presentHoldOr(201, traceId),
        command: {
          kind: 'hold',
          id: ledger.newId(bucketOf(body.accountId)),
          accountId: body.accountId,
          amountMinor,
          currency,
          reference,
          expiresAtMs,
          sagaId,
        },
      });
      return outcomeReply(outcome, traceId);
    }),
    endpoint(captureHold, async ({ params, body, principal, idempotencyKey, traceId }) => {
      const money = parseOptional(body.amount);
      if (!money.ok) return refusal(money.failure, traceId);
      if (!isCapturable(shards, params.id, body.toAccountId)) {
        const detail = 'A hold can be captured into an account of its own shard only.';
        return refusal({ code: 'capture-crosses-shards', detail }, traceId);
      }
      const amountMinor = money.value?.amountMinor ?? null;
      const currency = money.value?.currency ?? null;
      const outcome = await endHold(shards, principal.subject, params.id, {
        scope: `${principal.subject} captureHold`,
        key: idempotencyKey,
        fingerprint: fingerprintOf('captureHold', params.id, body.toAccountId, amountMinor, currency),
        present: presentHoldOr(201, traceId),
        commandFor: (accountId) => ({
          kind: 'capture',
          journalId: shards.first.newId(bucketOf(params.id)),
          actor: principal.subject,
          holdId: params.id,
          accountId,
          creditAccountId: body.toAccountId,
          amountMinor,
          currency,
        }),
      });
      return outcomeReply(outcome, traceId);
    }),
    endpoint(voidHold, async ({ params, principal, idempotencyKey, traceId }) => {
      const outcome = await endHold(shards, principal.subject, params.id, {
        scope: `${principal.subject} voidHold`,
        key: idempotencyKey,
        fingerprint: fingerprintOf('voidHold', params.id),
        present: presentHoldOr(200, traceId),
        commandFor: (accountId) => ({ kind: 'void', holdId: params.id, accountId }),
      });
      return outcomeReply(outcome, traceId);
    }),
  ];
}

function parseOptional(wire: WireMoney | undefined): Result<Money | null, MoneyFailure> {
  return wire === undefined ? ok(null) : parseMoney(wire);
}

function presentHoldOr(status: number, traceId: string): Present {
  return (result) =>
    result.ok ? { status, body: holdBody(result.value), isFinal: true } : refusalAnswer(result.failure, traceId);
}

function holdBody(decision: Decision): string {
  return decision.hold === null ? '{}' : JSON.stringify(presentHold(decision.hold));
}
