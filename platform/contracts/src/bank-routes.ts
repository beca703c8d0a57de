import { accountsRoutes } from './accounts.ts';
import { notificationsRoutes } from './notifications.ts';
import type { RouteContract } from './route.ts';
import { transactionsRoutes } from './transactions.ts';
import { usersRoutes } from './users.ts';

/** Every operation of every service, in the order of the documentation; the gateway adds its own (`gatewayRoutes`). */
export const bankRoutes: readonly RouteContract[] = [
  ...usersRoutes,
  ...accountsRoutes,
  ...transactionsRoutes,
  ...notificationsRoutes,
];
