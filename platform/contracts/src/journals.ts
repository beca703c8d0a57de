import { type Static, Type } from 'typebox';
import { ReconciliationShape } from './reconciliation.ts';
import { route } from './route.ts';
import { CalendarDate, MoneyShape, PageQuery, PLAIN_TEXT, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

/** One side of a journal: a customer's account, or one of the bank's own, which has a code and no IBAN. */
const SideShape = Type.Object(
  {
    accountId: Uuid,
    iban: Type.Union([Type.String(), Type.Null()]),
    name: Type.String({ description: "The holder's name, or the code of the bank's own account." }),
  },
  STRICT,
);

/** What a journal records. */
const JournalKind = Type.Union([
  Type.Literal('transfer'),
  Type.Literal('deposit'),
  Type.Literal('withdrawal'),
  Type.Literal('fee'),
  Type.Literal('capture'),
  Type.Literal('reversal'),
]);

const JournalShape = Type.Object(
  {
    id: Uuid,
    kind: JournalKind,
    debit: SideShape,
    credit: SideShape,
    amount: MoneyShape,
    reference: Type.String(),
    actor: Type.String({ description: 'The subject who asked for it.' }),
    bookedAt: Timestamp,
    valueDate: CalendarDate,
    businessDate: CalendarDate,
    parentId: Type.Optional(Type.String({ description: 'What a fee or a capture belongs to.' })),
    reversalOf: Type.Optional(Uuid),
    reversedBy: Type.Optional(Uuid),
    reason: Type.Optional(Type.String()),
  },
  STRICT,
);
export type JournalAnswer = Static<typeof JournalShape>;

const JournalDetailShape = Type.Object(
  {
    ...JournalShape.properties,
    postings: Type.Array(
      Type.Object(
        {
          account: SideShape,
          amount: MoneyShape,
          balanceAfter: Type.Union([MoneyShape, Type.Null()], { description: "Null on the bank's own accounts." }),
        },
        STRICT,
      ),
    ),
    children: Type.Array(Type.Object({ id: Uuid, kind: JournalKind, amount: MoneyShape }, STRICT), {
      description: 'What was booked for it, such as the fee of a transfer; each names it as its parent.',
    }),
  },
  STRICT,
);

export const listJournals = route({
  operationId: 'listJournals',
  service: 'transactions',
  method: 'GET',
  path: '/v1/ledger/journals',
  summary:
    'The journals of the ledger, newest first. A search looks through a bounded stretch of the books per page, so a ' +
    'page may hold fewer than asked, or none, and still have a next one.',
  access: { kind: 'signed-in', permissions: ['journals:read:any'] },
  query: Type.Object(
    {
      ...PageQuery,
      cursor: Type.Optional(Type.String({ maxLength: 1_000 })),
      iban: Type.Optional(Type.String({ minLength: 15, maxLength: 42, description: 'Either side.' })),
      accountId: Type.Optional({
        ...Uuid,
        description: "Either side, instead of an IBAN, which the bank's own accounts do not have.",
      }),
      kind: Type.Optional(JournalKind),
      from: Type.Optional(CalendarDate),
      to: Type.Optional(CalendarDate),
      q: Type.Optional(
        Type.String({ minLength: 1, maxLength: 100, pattern: PLAIN_TEXT, description: 'Part of the reference.' }),
      ),
    },
    STRICT,
  ),
  responses: { 200: pageOf(JournalShape) },
  problems: ['invalid-cursor', 'invalid-date', 'account-not-found'],
});

export const getJournal = route({
  operationId: 'getJournal',
  service: 'transactions',
  method: 'GET',
  path: '/v1/ledger/journals/{id}',
  summary: 'One journal with its postings and what it is linked to',
  access: { kind: 'signed-in', permissions: ['journals:read:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: JournalDetailShape },
  problems: ['journal-not-found'],
});

export const getLatestReconciliation = route({
  operationId: 'getLatestReconciliation',
  service: 'transactions',
  method: 'GET',
  path: '/v1/ledger/reconciliations/latest',
  summary:
    'How the last proof of the books came out, whoever asked for it; with the last full one when the latest looked at ' +
    'new postings only',
  access: { kind: 'signed-in', permissions: ['ledger:read:any'] },
  responses: {
    200: Type.Object({ ...ReconciliationShape.properties, lastFull: Type.Optional(ReconciliationShape) }, STRICT),
  },
  problems: ['reconciliation-not-found'],
});

/** What staff look up in the books. */
export const journalRoutes = [listJournals, getJournal, getLatestReconciliation] as const;
