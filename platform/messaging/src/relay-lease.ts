import { randomUUID } from 'node:crypto';
import { type Session, sql } from '@florin/postgres';

/** The right of one relay to publish the outbox of one database. Time is the database's, never this machine's. */
export interface RelayLease {
  /** Takes the lease when it is free, expired or ours; answers whether we lead. */
  take(): Promise<boolean>;
  /** Moves the end of a lease we hold; forgets it when someone else took it. */
  renew(): Promise<void>;
  /**
   * Deletes published rows, and proves in the same statement that we still lead: a relay that slept through its lease
   * deletes nothing. Answers whether it did.
   */
  deletePublished(ids: readonly bigint[]): Promise<boolean>;
  /** After a lost connection nothing is certain: the lease is taken again before the next round. */
  forget(): void;
  /** Gives the lease back, so that the next leader need not wait for its end. */
  release(): Promise<void>;
  readonly isHeld: boolean;
}

/** Opens the lease of the outbox of a database. `holder` is new for every relay, so two can never look alike. */
export function createRelayLease(session: Session, name: string, leaseMs: number): RelayLease {
  const holder = randomUUID();
  let fence: bigint | undefined;

  return {
    get isHeld() {
      return fence !== undefined;
    },
    async take() {
      if (fence !== undefined) return true;
      const [row] = await session.query<{ fence: bigint }>(sql`
        insert into relay_lease as lease (name, fence, holder, expires_at)
        values (${name}, 1, ${holder}, clock_timestamp() + ${leaseMs}::integer * interval '1 millisecond')
        on conflict (name) do update
          set fence = lease.fence + 1, holder = excluded.holder, expires_at = excluded.expires_at
          where lease.expires_at < clock_timestamp() or lease.holder = excluded.holder
        returning fence`);
      fence = row?.fence;
      return fence !== undefined;
    },
    async renew() {
      if (fence === undefined) return;
      const renewed = await session.execute(sql`
        update relay_lease set expires_at = clock_timestamp() + ${leaseMs}::integer * interval '1 millisecond'
        where name = ${name} and holder = ${holder} and fence = ${fence}`);
      if (renewed === 0) fence = undefined;
    },
    async deletePublished(ids) {
      if (fence === undefined) return false;
      const deleted = await session.execute(sql`
        delete from outbox where id = any(${ids}::bigint[])
          and exists (select from relay_lease where name = ${name} and holder = ${holder} and fence = ${fence})`);
      if (deleted === ids.length) return true;
      fence = undefined;
      return false;
    },
    forget() {
      fence = undefined;
    },
    async release() {
      if (fence === undefined) return;
      await session.execute(sql`
        update relay_lease set expires_at = clock_timestamp() - interval '1 second'
        where name = ${name} and holder = ${holder} and fence = ${fence}`);
      fence = undefined;
    },
  };
}
