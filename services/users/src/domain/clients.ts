/** A program that signs people in. All of them are ours, so none asks anyone for consent. */
export interface ClientSpec {
  readonly id: string;
  readonly name: string;
  readonly kind: 'web' | 'mobile' | 'cli';
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** How long a sign-in lasts at most. */
  readonly signInSeconds: number;
  /** How long a refresh token waits to be used. */
  readonly refreshSeconds: number;
}

const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

export const WEB_CLIENT_ID = 'florin-web';
const CLI_CLIENT_ID = 'florin-cli';

/** A native program listens on a port of its own choosing; the provider ignores the port of a loopback address (RFC 8252 section 7.3). */
const CLI_REDIRECT_URI = 'http://127.0.0.1/callback';

/** How long a web session lasts at most, however busy it is. */
export const WEB_SESSION_SECONDS = 12 * HOUR_SECONDS;

/** How long what a customer allowed a program of somebody else's lasts at most. */
export const CONSENT_SECONDS = 30 * DAY_SECONDS;

/** The clients of the bank. `publicOrigin` is where the web client lives. */
export function firstPartyClients(publicOrigin: string): readonly ClientSpec[] {
  return [
    {
      id: WEB_CLIENT_ID,
      name: 'Florin web',
      kind: 'web',
      redirectUris: [`${publicOrigin}/session/callback`],
      postLogoutRedirectUris: [`${publicOrigin}/`],
      signInSeconds: WEB_SESSION_SECONDS,
      refreshSeconds: WEB_SESSION_SECONDS,
    },
    {
      id: 'florin-mobile',
      name: 'Florin mobile',
      kind: 'mobile',
      redirectUris: ['com.florin.app:/signed-in'],
      postLogoutRedirectUris: ['com.florin.app:/signed-out'],
      signInSeconds: 30 * DAY_SECONDS,
      refreshSeconds: DAY_SECONDS,
    },
    {
      id: CLI_CLIENT_ID,
      name: 'Florin command line',
      kind: 'cli',
      redirectUris: [CLI_REDIRECT_URI],
      postLogoutRedirectUris: [],
      signInSeconds: 12 * HOUR_SECONDS,
      refreshSeconds: 12 * HOUR_SECONDS,
    },
  ];
}
