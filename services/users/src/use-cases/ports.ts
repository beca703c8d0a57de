import type { Tx } from '@florin/postgres';
import type { Result } from '@florin/primitives';
import type { CredentialFailure, ExternalIdentity, PendingFederation } from '../domain/external-identity.ts';
import type { Fact } from '../domain/fact.ts';
import type { PasskeyAssertion, PasskeyCreation } from '../domain/factors.ts';
import type { Mail } from '../domain/mail.ts';

/** Writes facts as events, in the transaction that made them true. */
export type RecordFacts = (tx: Tx, facts: readonly Fact[]) => Promise<void>;

/** Whoever keeps people's accounts. One that can not be asked is a retryable `Fault`. */
export interface AccountKeeper {
  /** How many accounts of somebody are not closed. */
  countOpen(personId: string): Promise<number>;
  /** Takes somebody's name off their accounts and opens none for them any more, unless some are open. The same when repeated. */
  erase(personId: string): Promise<'erased' | 'accounts-open'>;
}

/** Checks and makes password hashes; slow on purpose, and throws a retryable Fault when there are too many to check. */
export interface Passwords {
  hash(password: string): Promise<string>;
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

/** Hands mail to whoever carries it. Rejects when it could not; a `MailRefused` will not be taken another time either. */
export interface MailCarrier {
  send(mail: Mail): Promise<void>;
}

/** Tokens as our own token endpoint hands them out, and what they say. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly accessSeconds: number;
  readonly personId: string;
  readonly signInId: string;
  /** Of the ID token; absent after a refresh. */
  readonly nonce: string | undefined;
}

/** The token endpoint, seen by the web client. Undefined when the code or token is no good any more. */
export interface TokenEndpoint {
  exchange(code: string, codeVerifier: string): Promise<IssuedTokens | undefined>;
  refresh(refreshToken: string): Promise<IssuedTokens | undefined>;
}

/** What a new passkey is checked with from now on. */
export interface NewCredential {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly counter: number;
}

/**
 * Checks what authenticators sign (WebAuthn Level 3, sections 7.1 and 7.2): our origin, our name, this challenge, and
 * that the authenticator made sure of its user. Undefined when any of it is not so.
 */
export interface PasskeyCeremonies {
  readonly rpId: string;
  verifyCreation(creation: PasskeyCreation, challenge: Buffer): Promise<NewCredential | undefined>;
  /** Answers the counter, which the caller holds against the last one. */
  verifyAssertion(
    assertion: PasskeyAssertion,
    challenge: Buffer,
    publicKey: Buffer,
  ): Promise<{ readonly counter: number } | undefined>;
}

/**
 * Checks a name and a password with whoever keeps them. An unknown name, a wrong password, and somebody who is locked or
 * disabled there are one answer. Whoever can not be asked lets nobody in.
 */
export interface CredentialVerifier {
  verify(login: string, password: string): Promise<Result<ExternalIdentity, CredentialFailure>>;
}

/** Signs people in at another issuer, by redirects. */
export interface FederatedLogin {
  /** Where to send the browser. `state` is ours to choose, and comes back. */
  begin(state: string): Promise<Result<{ readonly location: string } & PendingFederation, CredentialFailure>>;
  /** Who came back, by the parameters they came with. What was not asked for here, or not answered there, is nobody. */
  finish(parameters: URLSearchParams, pending: PendingFederation): Promise<Result<ExternalIdentity, CredentialFailure>>;
}

/** Somebody else who knows people, as the sign-in page offers it. */
export type IdentityProvider = { readonly id: string; readonly name: string } & (
  | { readonly kind: 'password'; readonly verifier: CredentialVerifier }
  | { readonly kind: 'redirect'; readonly login: FederatedLogin }
);
