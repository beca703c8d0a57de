/** A data key under lock: what may lie in a database. */
export interface WrappedKey {
  /** Which key-encryption key locks it, as the keeper of those keys names it. */
  readonly keyId: string;
  readonly wrapped: Buffer;
}

/**
 * Whoever keeps the key-encryption keys of a service: a file on this machine (`openKeyFile`), or the key management of a
 * cloud. Those keys never leave it; it is asked to lock and unlock data keys, a handful at every start and none per request.
 */
export interface KeyManagement {
  /** The key that locks new data keys. Asked every few seconds, so that a change of it is followed without a restart. */
  currentKeyId(): Promise<string>;
  /** Locks 32 bytes with the current key. `context` must be presented again to unlock them. */
  wrap(dataKey: Uint8Array, context: string): Promise<WrappedKey>;
  /** Throws the Fault `key-wrong` when it does not have the key, or the bytes or the context are not what was locked. */
  unwrap(wrapped: WrappedKey, context: string): Promise<Buffer>;
}
