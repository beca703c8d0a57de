import { type Static, Type } from 'typebox';
import { BalanceShape, CalendarDate, MoneyShape, Reference, STRICT, Timestamp, Uuid } from './shapes.ts';

const Coordination = Type.Union([Type.Literal('local'), Type.Literal('saga'), Type.Literal('two-phase')]);

export const TransferRequestShape = Type.Object(
  {
    fromAccountId: Uuid,
    toAccountId: Type.Optional(Uuid),
    toIban: Type.Optional(Type.String({ minLength: 15, maxLength: 42 })),
    amount: MoneyShape,
    reference: Type.Optional(Reference),
    coordination: Type.Optional(
      Type.Union([Type.Literal('saga'), Type.Literal('two-phase')], {
        description:
          'How it crosses when the two accounts are in different shards of the ledger: carried by a saga (202, then it ' +
          'arrives), or committed in both at once (201). Within a shard it is neither.',
      }),
    ),
  },
  STRICT,
);
export type TransferRequest = Static<typeof TransferRequestShape>;

export const TransferShape = Type.Object(
  {
    id: Uuid,
    status: Type.Union([
      Type.Literal('completed'),
      Type.Literal('pending'),
      Type.Literal('failed'),
      Type.Literal('reversed'),
    ]),
    fromAccountId: Uuid,
    toAccountId: Uuid,
    amount: MoneyShape,
    fee: Type.Optional(MoneyShape),
    reference: Type.String(),
    coordination: Coordination,
    sagaId: Type.Optional({ ...Uuid, description: 'The saga that carries it between two shards.' }),
    bookedAt: {
      ...Timestamp,
      description: 'When the payer’s side was booked; while it is pending, when it was accepted.',
    },
    valueDate: CalendarDate,
    balance: Type.Optional(BalanceShape),
    reversalOf: Type.Optional(Uuid),
    reason: Type.Optional(Type.String()),
  },
  STRICT,
);
export type Transfer = Static<typeof TransferShape>;
