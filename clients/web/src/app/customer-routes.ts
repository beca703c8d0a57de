import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readHistorySearch } from '../api/history-search.ts';
import { loadConsentTexts, loadFactorTexts, loadNoticeTexts, loadPaymentTexts, loadStaffTexts } from '../i18n/i18n.ts';
import { readPayeesSearch } from '../pages/payees/payees-search.ts';
import { readOrdersSearch } from '../pages/standing-orders/orders-search.ts';
import { readPaymentSearch } from '../payment/payment-search.ts';
import { customerRoute } from './frame-routes.ts';

const overview = createRoute({
  getParentRoute: () => customerRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const accounts = createRoute({
  getParentRoute: () => customerRoute,
  path: '/accounts',
  component: lazyRouteComponent(() => import('../pages/accounts/accounts-page.tsx'), 'AccountsPage'),
});

const account = createRoute({
  getParentRoute: () => customerRoute,
  path: '/accounts/$accountId',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('../pages/account/account-page.tsx'), 'AccountPage'),
});

const transaction = createRoute({
  getParentRoute: () => customerRoute,
  path: '/accounts/$accountId/transactions/$transactionId',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('../pages/account/transaction-page.tsx'), 'TransactionPage'),
});

const statements = createRoute({
  getParentRoute: () => customerRoute,
  path: '/accounts/$accountId/statements',
  component: lazyRouteComponent(() => import('../pages/account/statements-page.tsx'), 'StatementsPage'),
});

const send = createRoute({
  getParentRoute: () => customerRoute,
  path: '/send',
  loader: loadPaymentTexts,
  validateSearch: readPaymentSearch,
  component: lazyRouteComponent(() => import('../pages/send/send-page.tsx'), 'SendPage'),
});

const payees = createRoute({
  getParentRoute: () => customerRoute,
  path: '/payees',
  loader: loadPaymentTexts,
  validateSearch: readPayeesSearch,
  component: lazyRouteComponent(() => import('../pages/payees/payees-page.tsx'), 'PayeesPage'),
});

const standingOrders = createRoute({
  getParentRoute: () => customerRoute,
  path: '/standing-orders',
  loader: loadPaymentTexts,
  validateSearch: readOrdersSearch,
  component: lazyRouteComponent(
    () => import('../pages/standing-orders/standing-orders-page.tsx'),
    'StandingOrdersPage',
  ),
});

const standingOrder = createRoute({
  getParentRoute: () => customerRoute,
  path: '/standing-orders/$orderId',
  loader: loadPaymentTexts,
  component: lazyRouteComponent(() => import('../pages/standing-orders/standing-order-page.tsx'), 'StandingOrderPage'),
});

const profile = createRoute({
  getParentRoute: () => customerRoute,
  path: '/profile',
  // The words for roles are the console's.
  loader: loadStaffTexts,
  component: lazyRouteComponent(() => import('../pages/profile/profile-page.tsx'), 'ProfilePage'),
});

const sessions = createRoute({
  getParentRoute: () => customerRoute,
  path: '/sessions',
  component: lazyRouteComponent(() => import('../pages/profile/sessions-page.tsx'), 'SessionsPage'),
});

const notices = createRoute({
  getParentRoute: () => customerRoute,
  path: '/notifications',
  loader: loadNoticeTexts,
  component: lazyRouteComponent(() => import('../pages/notices/notices-page.tsx'), 'NoticesPage'),
});

const security = createRoute({
  getParentRoute: () => customerRoute,
  path: '/security',
  loader: loadFactorTexts,
  component: lazyRouteComponent(() => import('../pages/security/security-page.tsx'), 'SecurityPage'),
});

const consents = createRoute({
  getParentRoute: () => customerRoute,
  path: '/consents',
  loader: loadConsentTexts,
  component: lazyRouteComponent(() => import('../pages/consents/consents-page.tsx'), 'ConsentsPage'),
});

/** The customer's pages, each fetched when first gone to. */
export const customerPages = [
  overview,
  accounts,
  account,
  transaction,
  statements,
  send,
  payees,
  standingOrders,
  standingOrder,
  profile,
  sessions,
  notices,
  security,
  consents,
];
