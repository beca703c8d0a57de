import { type Static, type TSchema, Type } from 'typebox';
import { LedgerLineShape, LedgerStatus } from './ledger.ts';
import { NoticeKindShape } from './notifications.ts';
import type { ServiceName } from './route.ts';
import { CalendarDate, STRICT, Timestamp, Uuid } from './shapes.ts';

/** An event type: its topic (also the CloudEvents `type`), who sends it, and the shape of its data. */
export interface EventContract {
  readonly topic: string;
  readonly producers: readonly ServiceName[];
  /** What the event's key is; events of one key arrive in the order they happened. */
  readonly key: string;
  readonly summary: string;
  readonly data: TSchema;
}

function event<const Contract extends EventContract>(contract: Contract): Contract {
  return contract;
}

const MinorUnits = Type.String({ pattern: '^-?\\d{1,19}$', description: 'An integer of minor units, in text.' });

/** Event id is `accountId:version`; versions of one account have no gaps, so a lost event is seen. */
export const accountChanged = event({
  topic: 'transactions.account-changed.v1',
  producers: ['transactions'],
  key: 'accountId',
  summary: 'A customer account changed in the ledger: its balance, holds, limits or status',
  data: Type.Object(
    {
      accountId: Uuid,
      version: Type.Integer({ description: 'Rises by one with every change of the account.' }),
      currency: Type.String({ description: 'ISO 4217' }),
      status: LedgerStatus,
      postedMinor: MinorUnits,
      heldMinor: MinorUnits,
      overdraftMinor: MinorUnits,
      changedAt: Timestamp,
      lines: Type.Array(LedgerLineShape, {
        description: 'What was booked with this change; none when it was another.',
      }),
    },
    STRICT,
  ),
});
export type AccountChanged = Static<typeof accountChanged.data>;

const TransferFacts = {
  transferId: Uuid,
  fromAccountId: Uuid,
  toAccountId: Uuid,
  amountMinor: MinorUnits,
  currency: Type.String(),
  reference: Type.String(),
  actor: Type.String({ description: 'The subject who asked for it: this event is also the audit record.' }),
  bookedAt: Timestamp,
  valueDate: CalendarDate,
};

export const transferCompleted = event({
  topic: 'transactions.transfer-completed.v1',
  producers: ['transactions'],
  key: 'transferId',
  summary: 'A transfer is posted; nothing about it is pending any more',
  data: Type.Object(TransferFacts, STRICT),
});
export type TransferCompleted = Static<typeof transferCompleted.data>;

/** Event id is the transfer's. */
export const transferFailed = event({
  topic: 'transactions.transfer-failed.v1',
  producers: ['transactions'],
  key: 'transferId',
  summary: 'A transfer between two shards was accepted and then could not be made: the payer has the money again',
  data: Type.Object(
    {
      transferId: Uuid,
      fromAccountId: Uuid,
      toAccountId: Uuid,
      amountMinor: MinorUnits,
      currency: Type.String(),
      reference: Type.String(),
      actor: Type.String(),
      code: Type.String({ description: 'Why, for programs.' }),
      failedAt: Timestamp,
    },
    STRICT,
  ),
});

export const transferReversed = event({
  topic: 'transactions.transfer-reversed.v1',
  producers: ['transactions'],
  key: 'transferId',
  summary: 'A transfer was taken back by staff',
  data: Type.Object({ ...TransferFacts, reversalId: Uuid, reason: Type.String() }, STRICT),
});
export type TransferReversed = Static<typeof transferReversed.data>;

/** Event id is `orderId:dueDate:attempt`. A date that its owner skipped is not executed. */
export const standingOrderExecuted = event({
  topic: 'transactions.standing-order-executed.v1',
  producers: ['transactions'],
  key: 'orderId',
  summary: 'A date of a standing order was paid, will be tried again, or failed for good',
  data: Type.Object(
    {
      orderId: Uuid,
      owner: Type.String({ description: 'The customer it belongs to.' }),
      fromAccountId: Uuid,
      payeeName: Type.String(),
      amountMinor: MinorUnits,
      currency: Type.String(),
      dueDate: CalendarDate,
      attempt: Type.Integer(),
      outcome: Type.Union([Type.Literal('completed'), Type.Literal('will-retry'), Type.Literal('failed')]),
      transferId: Type.Optional(Uuid),
      problemCode: Type.Optional(Type.String()),
      orderStatus: Type.Union(
        [Type.Literal('active'), Type.Literal('paused'), Type.Literal('ended'), Type.Literal('cancelled')],
        { description: 'As the execution left it.' },
      ),
      at: Timestamp,
    },
    STRICT,
  ),
});
export type StandingOrderExecuted = Static<typeof standingOrderExecuted.data>;

export const userRegistered = event({
  topic: 'users.user-registered.v1',
  producers: ['users'],
  key: 'userId',
  summary: 'Someone signed up',
  data: Type.Object({ userId: Uuid, registeredAt: Timestamp }, STRICT),
});

export const personErased = event({
  topic: 'users.person-erased.v1',
  producers: ['users'],
  key: 'userId',
  summary: 'What is personal of somebody is gone from the users service, and is to go wherever else it is',
  data: Type.Object({ userId: Uuid, erasedAt: Timestamp }, STRICT),
});

export const sessionsRevoked = event({
  topic: 'users.sessions-revoked.v1',
  producers: ['users'],
  key: 'userId',
  summary: 'Access tokens of this user issued before `notBefore` (seconds) are no longer good',
  data: Type.Object(
    {
      userId: Uuid,
      notBefore: Type.Integer(),
      sessionId: Type.Optional(Type.String({ description: 'Only this session; all of them when absent.' })),
    },
    STRICT,
  ),
});

/** What happened to somebody's ways in, besides their second factors. */
const SECURITY_CHANGES = [
  'password-changed',
  'password-reset',
  'email-change-asked',
  'email-changed',
  'device-added',
  'sign-in-guessed',
  'signed-out-everywhere',
  'disabled',
  'enabled',
] as const;

export const securityChanged = event({
  topic: 'users.security-changed.v1',
  producers: ['users'],
  key: 'userId',
  summary: 'What somebody signs in with or from changed, or somebody guesses at it: its owner is to hear of it',
  data: Type.Object(
    {
      userId: Uuid,
      change: Type.Union(SECURITY_CHANGES.map((change) => Type.Literal(change))),
      device: Type.Optional(Type.String({ description: 'Of a new browser: what it said it was, in our words.' })),
      at: Timestamp,
    },
    STRICT,
  ),
});

export const secondFactorChanged = event({
  topic: 'users.second-factor-changed.v1',
  producers: ['users'],
  key: 'userId',
  summary: 'What signs somebody in besides a password changed, or one of their recovery codes was used',
  data: Type.Object(
    {
      userId: Uuid,
      change: Type.Union([
        Type.Literal('totp-added'),
        Type.Literal('totp-removed'),
        Type.Literal('passkey-added'),
        Type.Literal('passkey-removed'),
        Type.Literal('recovery-codes-made'),
        Type.Literal('recovery-code-used'),
      ]),
      at: Timestamp,
    },
    STRICT,
  ),
});

export const accountStatusChanged = event({
  topic: 'accounts.account-status-changed.v1',
  producers: ['accounts'],
  key: 'accountId',
  summary: 'An account was opened, frozen, unfrozen or closed, and the ledger enforces it',
  data: Type.Object(
    {
      accountId: Uuid,
      status: LedgerStatus,
      owners: Type.Array(Type.String()),
      changedAt: Timestamp,
      restated: Type.Optional(
        Type.Boolean({ description: 'Nothing changed: it is said again for readers that did not hear of it.' }),
      ),
    },
    STRICT,
  ),
});
export type AccountStatusChanged = Static<typeof accountStatusChanged.data>;

/** Event id is the notice's id; when one is announced again, followed by what asked for that. */
export const noticeCreated = event({
  topic: 'notifications.notice-created.v1',
  producers: ['notifications'],
  key: 'owner',
  summary: 'Somebody has a new notice; what it says stays in the service',
  data: Type.Object({ noticeId: Uuid, owner: Type.String(), kind: NoticeKindShape, createdAt: Timestamp }, STRICT),
});
export type NoticeCreated = Static<typeof noticeCreated.data>;

export const auditAction = event({
  topic: 'audit.action.v1',
  producers: ['users', 'accounts', 'transactions', 'notifications'],
  key: 'resource',
  summary: 'Someone did something worth remembering, or was refused',
  data: Type.Object(
    {
      actor: Type.String({ description: 'The subject who acts; `service:<name>` when the bank itself does.' }),
      roles: Type.Array(Type.String()),
      action: Type.String({ description: '`account.freeze`; of what was denied, the id of the operation.' }),
      resource: Type.String({ description: '`account:<id>`; of what was denied, the address that was asked for.' }),
      outcome: Type.Union([Type.Literal('done'), Type.Literal('refused'), Type.Literal('denied')], {
        description: '`refused`: a rule of the business or a wrong credential. `denied`: who asked may not.',
      }),
      reason: Type.Optional(Type.String({ description: 'What a person gave as theirs, or the code of the refusal.' })),
      operationId: Type.Optional(Type.String()),
      sessionId: Type.Optional(Type.String({ description: 'The sign-in it was done in.' })),
      acr: Type.Optional(Type.String({ description: 'How the actor had proved who they are.' })),
      address: Type.Optional(Type.String({ description: 'The network they came from: /24 of IPv4, /48 of IPv6.' })),
      count: Type.Optional(
        Type.Integer({ minimum: 1, description: 'How many alike this record stands for; one when absent.' }),
      ),
      traceId: Type.String({ description: 'Of the first of them.' }),
      at: Timestamp,
    },
    STRICT,
  ),
});
export type AuditAction = Static<typeof auditAction.data>;

export const eventContracts = [
  accountChanged,
  transferCompleted,
  transferFailed,
  transferReversed,
  standingOrderExecuted,
  userRegistered,
  personErased,
  sessionsRevoked,
  securityChanged,
  secondFactorChanged,
  accountStatusChanged,
  noticeCreated,
  auditAction,
] as const;
