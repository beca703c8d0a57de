/** The pages of the web client, as routes. Each is answered with the same `index.html`; the client draws what is meant. */
export const WEB_PAGES: readonly string[] = [
  '/',
  '/accounts',
  '/accounts/*',
  '/send',
  '/payees',
  '/standing-orders',
  '/standing-orders/*',
  '/notifications',
  '/profile',
  '/sessions',
  '/consents',
  '/security',
  '/staff',
  '/staff/*',
  '/sign-in/*',
  '/sign-up/*',
  '/consent/*',
  '/signed-out',
  '/forgot-password',
  '/reset-password',
  '/confirm-email',
  '/docs',
];

/** Addresses that are for programs: what is unknown below them is a problem in JSON, whoever asks. */
const PROGRAM_ROOTS: readonly string[] = [
  '/v1',
  '/oidc',
  '/.well-known',
  '/interaction',
  '/session',
  '/internal',
  '/openapi.json',
  '/assets',
];

/** Whether someone in a browser typed or followed an address that leads nowhere, and should see a page that says so. */
export function wantsPage(method: string | undefined, path: string, accept: string | undefined): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (accept?.toLowerCase().includes('text/html') !== true) return false;
  return !PROGRAM_ROOTS.some((root) => path === root || path.startsWith(`${root}/`));
}
