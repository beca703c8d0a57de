/** One kind of thing in the cache: whose keys begin with its name. */
export interface KeySpace {
  /** The whole key; what differs is in angle brackets. */
  readonly key: string;
  readonly what: string;
  readonly lives: string;
  readonly writtenBy: string;
  /** What is done when the entry, or the whole cache, is not there. */
  readonly without: string;
}

/**
 * Everything that is kept in the cache, by the front of its keys, and what becomes of the bank without it. The type of keys
 * is made of it, so a key that is not in this table does not compile; so is a page of the reference.
 */
export const KEY_SPACES = {
  limit: {
    key: 'limit:<kind>:<who>',
    what: 'when a rate limit is used up to (GCRA), in microseconds; on Redis of the clock of the server',
    lives: 'until the limit is whole again',
    writtenBy: 'the gateway, with each request that counts',
    without:
      'each gateway counts by itself; what the users service and the ledger count in their databases holds as before',
  },
  ryw: {
    key: 'ryw:<subject>',
    what: 'which version of which account a caller was told; on Redis `{ryw:<subject>}:versions` and `:order`',
    lives: '30 s from the last write of that caller, 1,000 accounts at most',
    writtenBy: 'the gateway, with the answer to a write',
    without: 'reads of the next 31.5 s are answered by the ledger',
  },
  gateways: {
    key: 'gateways:<beats, or mark:gateway>',
    what: 'the beats of the gateways, and a mark of each by which it knows that the cache was not emptied',
    lives: 'a day from the last beat; a mark a day from when it was set',
    writtenBy: 'each gateway, four times a second; the mark when it is not there',
    without: 'reads are answered by the ledger, until 31.5 s after all is well',
  },
  proof: {
    key: 'proof:<id>',
    what: 'that a DPoP proof was used',
    lives: 'until the proof is too old to be one',
    writtenBy: 'the gateway, with the request that carries it',
    without: 'a request that needs one is refused',
  },
  lines: {
    key: 'lines:<accountId>',
    what: 'the newest lines of an account and the balance that they lead to, as of one version; never who may see them',
    lives: 'a minute from when the database was read, however much is added later; 32,768 characters at most',
    writtenBy:
      'the accounts service: by who reads a history, and by the consumer of `transactions.account-changed.v1` after its commit',
    without: 'the database is read',
  },
} as const satisfies Readonly<Record<string, KeySpace>>;

/** A key of one of these spaces. */
export type CacheKey = `${keyof typeof KEY_SPACES}:${string}`;
