import { type Static, Type } from 'typebox';
import { CalendarDate, MoneyShape, PLAIN_TEXT, STRICT, Timestamp, Uuid } from './shapes.ts';

/** What money was spent on or came from, told from the line itself by rules of the accounts service. */
export const CATEGORIES = [
  'income',
  'housing',
  'utilities',
  'groceries',
  'eating-out',
  'transport',
  'shopping',
  'leisure',
  'health',
  'insurance',
  'savings',
  'cash',
  'fees',
  'transfer',
  'other',
] as const;
export type Category = (typeof CATEGORIES)[number];
export const CategoryShape = Type.Enum(CATEGORIES);

export const PostingShape = Type.Object(
  {
    id: Type.String(),
    journalId: Uuid,
    transferId: Type.Optional(Uuid),
    kind: Type.String({ description: 'transfer, deposit, withdrawal, fee, reversal, capture' }),
    amount: MoneyShape,
    balanceAfter: MoneyShape,
    bookedAt: Timestamp,
    valueDate: CalendarDate,
    counterparty: Type.Object(
      {
        iban: Type.Union([Type.String(), Type.Null()]),
        name: Type.Union([Type.String(), Type.Null()]),
      },
      STRICT,
    ),
    reference: Type.String(),
    category: CategoryShape,
  },
  STRICT,
);
export type PostingAnswer = Static<typeof PostingShape>;

/** What a search of a history may ask for; everything given must hold. */
export const HISTORY_SEARCH = {
  from: Type.Optional(CalendarDate),
  to: Type.Optional(CalendarDate),
  direction: Type.Optional(Type.Union([Type.Literal('in'), Type.Literal('out')])),
  category: Type.Optional(CategoryShape),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: PLAIN_TEXT })),
  minAmount: Type.Optional(Type.String({ maxLength: 24, description: 'A decimal in the currency of the account.' })),
  maxAmount: Type.Optional(Type.String({ maxLength: 24, description: 'A decimal in the currency of the account.' })),
};
