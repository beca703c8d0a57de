import type { Follows } from './follows.ts';

/** Somebody as those see them who keep accounts for them. */
export interface Holder {
  readonly name: string;
  readonly isCustomer: boolean;
}

/** Somebody is to have a first account; `follows` is what asks. */
export interface Asked {
  readonly customerId: string;
  readonly follows: Follows;
}

/** A first account that somebody who signed up is to have. `follows` is the newest event that asked. */
export interface FirstAccount extends Asked {
  /** Opened for this, or the one that the customer had by then. */
  readonly accountId: string | null;
  /** The event whose opening told of the account. */
  readonly toldEventId: string | null;
}
