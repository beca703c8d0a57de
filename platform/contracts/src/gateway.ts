import { type Static, Type } from 'typebox';
import { listAccounts, listAccountTransactions } from './accounts.ts';
import { route } from './route.ts';
import { STRICT, Timestamp, Uuid } from './shapes.ts';

/** How many of the latest movements the dashboard shows, over all accounts together. */
export const DASHBOARD_TRANSACTIONS_MAX = 10;

const DashboardPart = Type.Union([
  Type.Literal('accounts'),
  Type.Literal('recentTransactions'),
  Type.Literal('unread'),
]);

const DashboardShape = Type.Object(
  {
    accounts: listAccounts.responses[200].properties.data,
    recentTransactions: Type.Array(
      Type.Object(
        { accountId: Uuid, ...listAccountTransactions.responses[200].properties.data.items.properties },
        STRICT,
      ),
      { maxItems: DASHBOARD_TRANSACTIONS_MAX },
    ),
    unread: Type.Integer({ description: 'How many notices are unread, counted as in the list of them.' }),
    missing: Type.Array(DashboardPart, {
      description: 'What could not be fetched in time and is empty here for that reason. Empty when all is well.',
    }),
  },
  STRICT,
);
export type Dashboard = Static<typeof DashboardShape>;

/** The gateway answers it itself, from what the accounts and notifications services tell it. */
export const getDashboard = route({
  operationId: 'getDashboard',
  service: 'accounts',
  method: 'GET',
  path: '/v1/dashboard',
  summary:
    'Your accounts with their balances, the latest movements and unread notices; says what is missing when a part is down',
  access: { kind: 'signed-in', permissions: ['accounts:read:own'] },
  responses: { 200: DashboardShape },
});

const ServiceStateShape = Type.Object(
  { service: Type.String(), ready: Type.Boolean(), durationMs: Type.Number() },
  STRICT,
);
/** What a service says of itself, and how long it took to say so; `ready` is false when it said nothing in time. */
export type ServiceState = Static<typeof ServiceStateShape>;

/** The gateway answers it itself, from what each service says of itself. */
export const getServiceHealth = route({
  operationId: 'getServiceHealth',
  service: 'accounts',
  method: 'GET',
  path: '/v1/service-health',
  summary: 'Which services answer, and how fast; for staff',
  access: { kind: 'signed-in', permissions: ['service-health:read:any'] },
  responses: {
    200: Type.Object({ checkedAt: Timestamp, data: Type.Array(ServiceStateShape) }, STRICT),
  },
});

export const gatewayRoutes = [getDashboard, getServiceHealth] as const;
