import { type Static, Type } from 'typebox';
import { BalanceShape, MoneyShape, PLAIN_TEXT, STRICT, Timestamp, Uuid } from './shapes.ts';

export const AccountName = Type.String({ minLength: 1, maxLength: 60, pattern: PLAIN_TEXT });

/** `opening` until the ledger has the account; it takes no money before. */
const AccountStatus = Type.Union([
  Type.Literal('opening'),
  Type.Literal('active'),
  Type.Literal('frozen'),
  Type.Literal('closing'),
  Type.Literal('closed'),
]);

export const AccountShape = Type.Object(
  {
    id: Uuid,
    iban: Type.String(),
    name: Type.String(),
    product: Type.String({ description: 'The code of its product.' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    status: AccountStatus,
    balance: BalanceShape,
    dailyLimit: MoneyShape,
    openedAt: Timestamp,
  },
  STRICT,
);
export type AccountAnswer = Static<typeof AccountShape>;

export const AccountParams = Type.Object({ id: Uuid }, STRICT);
