import type { IncomingHttpHeaders } from 'node:http';

/** Pages of the web client, which draws what a person sees of a sign-in. */
export const signInPage = (uid: string): string => `/sign-in/${uid}`;
export const consentPage = (uid: string): string => `/consent/${uid}`;
export const signUpPage = (uid: string): string => `/sign-up/${uid}`;
/** Says that it did not work and offers to begin again; leads nowhere by itself, so no circle of redirects passes it. */
export const SIGN_IN_FAILED_PAGE = '/signed-out?reason=sign-in-failed';

/** Where a sign-in of the web client begins. */
export const SIGN_IN_START = '/session/login';

/** Whether a person is looking: a browser that opens an address takes HTML, programs and scripts do not ask for it. */
export function wantsPage({ accept }: IncomingHttpHeaders): boolean {
  return accept?.includes('text/html') === true;
}
