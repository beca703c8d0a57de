import { type Static, Type } from 'typebox';
import { CategoryShape } from './posting.ts';
import { route } from './route.ts';
import { CalendarDate, MoneyShape, STRICT, Uuid } from './shapes.ts';

const Month = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: 'YYYY-MM' });

const SpendingShape = Type.Object(
  {
    month: Month,
    currencies: Type.Array(
      Type.Object(
        {
          currency: Type.String(),
          received: MoneyShape,
          spent: MoneyShape,
          spentMonthBefore: MoneyShape,
          categories: Type.Array(
            Type.Object(
              { category: CategoryShape, spent: MoneyShape, spentMonthBefore: MoneyShape, count: Type.Integer() },
              STRICT,
            ),
            { description: 'The largest first.' },
          ),
        },
        STRICT,
      ),
    ),
  },
  STRICT,
);
export type SpendingAnswer = Static<typeof SpendingShape>;

export const getSpending = route({
  operationId: 'getSpending',
  service: 'accounts',
  method: 'GET',
  path: '/v1/spending',
  summary:
    'What you received and spent in a month over all your accounts, by category; without what you moved between them',
  access: { kind: 'signed-in', permissions: ['accounts:read:own'] },
  query: Type.Object({ month: Type.Optional(Month) }, STRICT),
  responses: { 200: SpendingShape },
});

export const getBalanceHistory = route({
  operationId: 'getBalanceHistory',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}/balance-history',
  summary: 'What was on an account at the end of each day, oldest first; at most 366 days',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  query: Type.Object({ from: Type.Optional(CalendarDate), to: Type.Optional(CalendarDate) }, STRICT),
  responses: {
    200: Type.Object(
      { data: Type.Array(Type.Object({ date: CalendarDate, posted: MoneyShape }, STRICT), { maxItems: 366 }) },
      STRICT,
    ),
  },
  problems: ['account-not-found', 'invalid-date'],
});

/** What people want to know about their money beyond the lines. */
export const insightRoutes = [getSpending, getBalanceHistory] as const;
