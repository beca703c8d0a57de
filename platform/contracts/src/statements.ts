import { type Static, Type } from 'typebox';
import { HISTORY_SEARCH, PostingShape } from './posting.ts';
import { route } from './route.ts';
import { CalendarDate, MoneyShape, PageQuery, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

/** A month, frozen once it is over: what it says never changes. */
const StatementSummary = {
  accountId: Uuid,
  iban: Type.String(),
  holderName: Type.String(),
  accountName: Type.String(),
  period: Type.String({ description: 'YYYY-MM' }),
  sequence: Type.Integer({ description: 'Counts the statements of the account from 1, without a gap.' }),
  from: CalendarDate,
  to: CalendarDate,
  opening: MoneyShape,
  closing: MoneyShape,
  credits: MoneyShape,
  debits: MoneyShape,
  lineCount: Type.Integer(),
  frozenAt: Timestamp,
};

const StatementSummaryShape = Type.Object(StatementSummary, STRICT);
export type StatementSummaryAnswer = Static<typeof StatementSummaryShape>;

const StatementShape = Type.Object({ ...StatementSummary, lines: Type.Array(PostingShape) }, STRICT);
export type StatementAnswer = Static<typeof StatementShape>;

export const listStatements = route({
  operationId: 'listStatements',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}/statements',
  summary: 'The monthly statements of an account, newest first; the month that is not over has none yet',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  query: Type.Object(PageQuery, STRICT),
  responses: { 200: pageOf(StatementSummaryShape) },
  problems: ['account-not-found', 'invalid-cursor'],
});

export const getStatement = route({
  operationId: 'getStatement',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}/statements/{period}',
  summary:
    'One monthly statement, oldest line first: as JSON, as CSV for a spreadsheet, as PDF, or as camt.053.001.08 ' +
    '(ISO 20022) for accounting programs',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  params: Type.Object({ id: Uuid, period: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }) }, STRICT),
  query: Type.Object(
    {
      format: Type.Optional(
        Type.Union([Type.Literal('json'), Type.Literal('csv'), Type.Literal('pdf'), Type.Literal('camt.053')], {
          default: 'json',
        }),
      ),
    },
    STRICT,
  ),
  responses: { 200: StatementShape },
  media: ['application/json', 'text/csv', 'application/pdf', 'application/xml'],
  problems: ['account-not-found', 'statement-not-found', 'statement-not-ready', 'statement-too-long'],
});

export const exportAccountTransactions = route({
  operationId: 'exportAccountTransactions',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}/transactions/export',
  summary: 'The history of an account, or what a search finds in it, as CSV, newest first; at most 100,000 lines',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  query: Type.Object({ ...HISTORY_SEARCH }, STRICT),
  responses: { 200: Type.String({ description: 'CSV (RFC 4180), UTF-8, with a header line.' }) },
  media: ['text/csv'],
  problems: ['account-not-found', 'invalid-amount', 'invalid-date'],
});

/** What an account was, on paper. */
export const statementRoutes = [listStatements, getStatement, exportAccountTransactions] as const;
