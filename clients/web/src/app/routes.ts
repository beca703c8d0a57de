import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readTextSearch } from '../api/text-search.ts';
import { loadConsentTexts, loadFactorTexts, loadStaffTexts } from '../i18n/i18n.ts';
import { customerPages } from './customer-routes.ts';
import { customerRoute, rootRoute, staffRoute } from './frame-routes.ts';
import { staffPages } from './staff-routes.ts';

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in/$uid',
  loader: loadFactorTexts,
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-up/$uid',
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-up-page.tsx'), 'SignUpPage'),
});

const consentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/consent/$uid',
  loader: loadConsentTexts,
  component: lazyRouteComponent(() => import('../pages/consents/consent-page.tsx'), 'ConsentPage'),
});

const signedOutRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signed-out',
  validateSearch: (search: Record<string, unknown>): { readonly reason?: string } =>
    typeof search['reason'] === 'string' ? { reason: search['reason'] } : {},
  component: lazyRouteComponent(() => import('../pages/sign-in/signed-out-page.tsx'), 'SignedOutPage'),
});

const forgotPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  loader: loadFactorTexts,
  component: lazyRouteComponent(() => import('../pages/credentials/forgot-password-page.tsx'), 'ForgotPasswordPage'),
});

const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  loader: loadFactorTexts,
  component: lazyRouteComponent(() => import('../pages/credentials/reset-password-page.tsx'), 'ResetPasswordPage'),
});

const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/confirm-email',
  loader: loadFactorTexts,
  component: lazyRouteComponent(() => import('../pages/credentials/confirm-email-page.tsx'), 'ConfirmEmailPage'),
});

const docsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/docs',
  loader: loadStaffTexts,
  validateSearch: readTextSearch,
  component: lazyRouteComponent(() => import('../pages/docs/docs-page.tsx'), 'DocsPage'),
});

/** Every page of the client. */
export const routeTree = rootRoute.addChildren([
  signInRoute,
  signUpRoute,
  consentRoute,
  signedOutRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  confirmEmailRoute,
  docsRoute,
  customerRoute.addChildren(customerPages),
  staffRoute.addChildren(staffPages),
]);
