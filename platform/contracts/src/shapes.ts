import { type TSchema, Type } from 'typebox';

/** Every object on the wire is strict: an unknown field is refused, never dropped. */
export const STRICT = { additionalProperties: false } as const;

export const Uuid = Type.String({ format: 'uuid', description: 'A UUID in lower case.' });
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' });
export const CalendarDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD' });

/** `{"amount":"125.50","currency":"EUR"}`. The digits are checked against the currency where the money is parsed. */
export const MoneyShape = Type.Object(
  {
    amount: Type.String({
      maxLength: 24,
      description: "A decimal in text, with at most the currency's digits: 125.50",
      examples: ['125.50'],
    }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['EUR'] }),
  },
  STRICT,
);

export const BalanceShape = Type.Object(
  {
    posted: MoneyShape,
    available: MoneyShape,
    held: MoneyShape,
    version: Type.Integer({ description: 'Rises by one with every change of the account.' }),
  },
  STRICT,
);

/** A page: `nextCursor` is null on the last one. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({ data: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) }, STRICT);
}

export const PAGE_SIZE_DEFAULT = 25;
export const PAGE_SIZE_MAX = 100;

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX, default: PAGE_SIZE_DEFAULT })),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
};

/** What a payer is asked to confirm before a payment is made. */
const ChallengeShape = Type.Object(
  {
    id: Uuid,
    hash: Type.String({ description: 'SHA-256 of the payment and a random text, base64url: what a passkey signs.' }),
    payee: Type.Object(
      {
        iban: Type.String(),
        name: Type.Union([Type.String(), Type.Null()], { description: 'What you call them, when you keep them.' }),
      },
      STRICT,
    ),
    amount: MoneyShape,
    expiresAt: Timestamp,
  },
  STRICT,
);

/** RFC 9457 problem details; `code` is stable and made for programs, `detail` for people. */
export const ProblemShape = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  traceId: Type.String(),
  errors: Type.Optional(
    Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, { additionalProperties: false })),
  ),
  challenge: Type.Optional(ChallengeShape),
});

export const REFERENCE_LENGTH_MAX = 140;

/** Text that is shown to people and printed holds no control characters and no line separators. */
export const NO_CONTROL_CHARACTERS = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$';

/** The same, and not blank: names and reasons. */
export const PLAIN_TEXT = '^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$';

/** What a transfer is for, in the payer's words. */
export const Reference = Type.String({ maxLength: REFERENCE_LENGTH_MAX, pattern: NO_CONTROL_CHARACTERS });
