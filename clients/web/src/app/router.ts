import { createRouter } from '@tanstack/react-router';
import type { Bank } from '../session/bank.ts';
import { BrokenPage } from './broken-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { routeTree } from './routes.ts';

/** Makes the router; pages are fetched when one goes there, or a moment before, when one points at the link. */
export function createAppRouter(bank: Bank) {
  return createRouter({
    routeTree,
    context: { bank },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
