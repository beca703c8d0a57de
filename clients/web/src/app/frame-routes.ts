import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';
import { loadStaffTexts } from '../i18n/i18n.ts';
import type { Bank } from '../session/bank.ts';
import { CustomerFrame } from './customer-frame.tsx';
import { Root } from './root.tsx';
import { StaffFrame } from './staff-frame.tsx';

/** What pages hang on: the root, and the two frames. */
export const rootRoute = createRootRouteWithContext<{ readonly bank: Bank }>()({ component: Root });

export const customerRoute = createRoute({ getParentRoute: () => rootRoute, id: 'customer', component: CustomerFrame });

export const staffRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/staff',
  component: StaffFrame,
  loader: loadStaffTexts,
});
