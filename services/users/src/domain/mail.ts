import type { FactorChanged, SecurityChanged } from './fact.ts';

/** A mail, ready to be sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The server said no for good, for instance because there is no such mailbox. */
export class MailRefused extends Error {}

/** What a mail is to be about. Links are made when it is sent. */
export type MailTask =
  | { readonly kind: 'reset-password'; readonly email: string }
  | { readonly kind: 'confirm-email'; readonly personId: string }
  | { readonly kind: 'change-email'; readonly personId: string; readonly email: string }
  | {
      readonly kind: 'news';
      readonly personId: string;
      readonly change: SecurityChanged['change'] | FactorChanged['change'];
      readonly device?: string;
      /** Where it goes when that is not their present address. */
      readonly to?: string;
    };

export type TokenPurpose = 'reset-password' | 'confirm-email' | 'change-email';

/** How long what came by mail is good. A reset opens everything a password does, so it is short (OWASP Forgot Password). */
export const TOKEN_SECONDS: Readonly<Record<TokenPurpose, number>> = {
  'reset-password': 15 * 60,
  'confirm-email': 24 * 60 * 60,
  'change-email': 24 * 60 * 60,
};

/** More than this in an hour for one person and one purpose are not sent: nobody floods a mailbox through us. */
export const TOKENS_AN_HOUR_MAX = 3;
