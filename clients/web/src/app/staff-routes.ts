import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readJournalSearch } from '../api/journal-search.ts';
import { readSagaSearch } from '../api/saga-search.ts';
import { readCashSearch, readStaffAccountSearch } from '../api/staff-search.ts';
import { readTextSearch } from '../api/text-search.ts';
import { staffRoute } from './frame-routes.ts';

const start = createRoute({
  getParentRoute: () => staffRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/staff/staff-start-page.tsx'), 'StaffStartPage'),
});

const customers = createRoute({
  getParentRoute: () => staffRoute,
  path: '/customers',
  validateSearch: readTextSearch,
  component: lazyRouteComponent(() => import('../pages/staff/customers-page.tsx'), 'CustomersPage'),
});

const customer = createRoute({
  getParentRoute: () => staffRoute,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('../pages/staff/customer-page.tsx'), 'CustomerPage'),
});

const account = createRoute({
  getParentRoute: () => staffRoute,
  path: '/accounts/$accountId',
  validateSearch: readStaffAccountSearch,
  component: lazyRouteComponent(() => import('../pages/staff/staff-account-page.tsx'), 'StaffAccountPage'),
});

const cash = createRoute({
  getParentRoute: () => staffRoute,
  path: '/cash',
  validateSearch: readCashSearch,
  component: lazyRouteComponent(() => import('../pages/staff/cash-page.tsx'), 'CashPage'),
});

const journals = createRoute({
  getParentRoute: () => staffRoute,
  path: '/journals',
  validateSearch: readJournalSearch,
  component: lazyRouteComponent(() => import('../pages/staff/journals-page.tsx'), 'JournalsPage'),
});

const journal = createRoute({
  getParentRoute: () => staffRoute,
  path: '/journals/$journalId',
  component: lazyRouteComponent(() => import('../pages/staff/journal-page.tsx'), 'JournalPage'),
});

const ledger = createRoute({
  getParentRoute: () => staffRoute,
  path: '/ledger',
  component: lazyRouteComponent(() => import('../pages/staff/ledger-page.tsx'), 'LedgerPage'),
});

const sagas = createRoute({
  getParentRoute: () => staffRoute,
  path: '/sagas',
  validateSearch: readSagaSearch,
  component: lazyRouteComponent(() => import('../pages/staff/sagas/sagas-page.tsx'), 'SagasPage'),
});

const saga = createRoute({
  getParentRoute: () => staffRoute,
  path: '/sagas/$service/$id',
  component: lazyRouteComponent(() => import('../pages/staff/sagas/saga-page.tsx'), 'SagaPage'),
});

const approvals = createRoute({
  getParentRoute: () => staffRoute,
  path: '/approvals',
  component: lazyRouteComponent(() => import('../pages/staff/sagas/approvals-page.tsx'), 'ApprovalsPage'),
});

const requests = createRoute({
  getParentRoute: () => staffRoute,
  path: '/requests',
  component: lazyRouteComponent(() => import('../pages/staff/requests/requests-page.tsx'), 'RequestsPage'),
});

const inDoubt = createRoute({
  getParentRoute: () => staffRoute,
  path: '/in-doubt',
  component: lazyRouteComponent(() => import('../pages/staff/sagas/in-doubt-page.tsx'), 'InDoubtPage'),
});

const deadLetters = createRoute({
  getParentRoute: () => staffRoute,
  path: '/dead-letters',
  component: lazyRouteComponent(() => import('../pages/staff/dead-letters-page.tsx'), 'DeadLettersPage'),
});

const health = createRoute({
  getParentRoute: () => staffRoute,
  path: '/health',
  component: lazyRouteComponent(() => import('../pages/staff/health-page.tsx'), 'HealthPage'),
});

/** The pages of the staff console, each fetched when first gone to. */
export const staffPages = [
  start,
  customers,
  customer,
  account,
  cash,
  journals,
  journal,
  ledger,
  sagas,
  saga,
  approvals,
  requests,
  inDoubt,
  deadLetters,
  health,
];
