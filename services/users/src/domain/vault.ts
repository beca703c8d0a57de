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

/** Everything this service keeps secret at rest goes through here; all its keys come from the one in the settings. */
export interface Vault {
  /** AES-256-GCM. `context` is `table.column|row`, so a ciphertext moved to another row or column does not open. */
  seal(plain: string, context: string): Buffer;
  open(sealed: Buffer, context: string): string;
  /** A keyed hash to find a sealed value by. */
  index(field: string, value: string): Buffer;
  /** A keyed hash of something a caller presents, so that a copy of the database holds nothing that can be presented. */
  hash(kind: HashKind, value: string): Buffer;
  /** The secret our own web client proves itself with. Derived, so it is stored nowhere. */
  readonly webClientSecret: string;
}
