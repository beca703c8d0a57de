/** What is presented, each with a key of its own. */
export type HashKind =
  | 'oidc-id'
  | 'web-session'
  | 'csrf'
  | 'interaction'
  | 'recovery-code'
  | 'passkey-challenge'
  | 'mailed-token'
  | 'known-device'
  | 'wrong-password';

/** Seals and opens with AES-256-GCM. */
export interface Seal {
  /** `context` is `table.column|row`, so a ciphertext moved to another row or column does not open. */
  seal(plain: string, context: string): Buffer;
  open(sealed: Buffer, context: string): string;
}

/**
 * Everything this service keeps secret at rest goes through here. What is sealed is sealed with data keys that are replaced
 * from time to time; keyed hashes are made with keys from the settings, which can not be.
 */
export interface Vault extends Seal {
  /** A new key for one person, sealed. What is personal is sealed with it, and gone for good when it is. */
  newCustomerKey(personId: string): Buffer;
  /** A person's own key. It opens as well what was sealed for them before they had one. */
  customerKey(personId: string, keySealed: Buffer): Seal;
  /** A keyed hash to find a sealed value by. */
  index(field: string, value: string): Buffer;
  /** A keyed hash of something a caller presents, so that a copy of the database holds nothing that can be presented. */
  hash(kind: HashKind, value: string): Buffer;
  /** Says which key the keyed hashes are made with, without saying the key. */
  readonly fingerprint: Buffer;
  /** The key our own web client proves itself with: Ed25519, as JSON Web Keys. Derived, so it is stored nowhere. */
  readonly webClientKey: { readonly privateJwk: OkpKey & { readonly d: string }; readonly publicJwk: OkpKey };
  /** What the issuer makes DPoP nonces with; every instance takes those of the others. */
  readonly dpopNonceSecret: Buffer;
}

/** RFC 8037 section 2. */
export interface OkpKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
}
