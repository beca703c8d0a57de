import { sql } from '@florin/postgres';
import { bucketOfCustomer, newId, utcDate } from '@florin/primitives';
import { type Answer, type Given, startTestService } from './test-service.ts';

/** A bucket of each of two shards: those below 128 are in the first, the others in the second. */
export const BUCKETS = [5, 200] as const;
/** Those of the shard where alice's keys are, and of the other one. */
export const HOME = BUCKETS[bucketOfCustomer('alice') < 128 ? 0 : 1];
export const AWAY = BUCKETS[bucketOfCustomer('alice') < 128 ? 1 : 0];

/** Five seconds of looking. */
const LOOKS_MAX = 500;
const LOOK_EVERY_MS = 10;

const ORDERS = '/v1/standing-orders';
/** Each takes a connection of its own. */
const CANCELLED_AT_ONCE = 8;
const DAY_MS = 86_400_000;

/** A service of two shards, and what tests ask of it. */
export async function startTwoShards(given?: Given) {
  const bank = await startTestService(given, 2);
  const ledgerAccount = async (id: string) => {
    return (await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null })).body;
  };
  return {
    ...bank,
    /** What the ledger has of an account: `posted held`. */
    async money(id: string): Promise<string> {
      const { postedMinor, heldMinor } = await ledgerAccount(id);
      return `${postedMinor} ${heldMinor}`;
    },
    /** A transfer, or a reversal, when it is not pending any more; as staff see it. */
    async settled(id: string, looksMax = LOOKS_MAX): Promise<Answer> {
      for (let look = 0; look < looksMax; look += 1) {
        const answer = await bank.call('sam', 'GET', `/v1/transfers/${id}`, { key: null });
        if (answer.body.status !== 'pending') return answer;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      throw new Error('the transfer does not end');
    },
    /** The sagas that take a transfer back just now, by their ids. */
    async claimsOn(transferId: string): Promise<string[]> {
      const claims = await bank.own?.database.query<{ sagaId: string }>(
        sql`SELECT saga_id AS "sagaId" FROM reversal_claim WHERE journal_id = ${transferId}`,
      );
      return (claims ?? []).map(({ sagaId }) => sagaId);
    },
    ibanOf: async (id: string): Promise<string> => String((await ledgerAccount(id))['iban']),
    /** An account of alice in each shard, that of her keys first. */
    async nearAndFar(): Promise<[string, string]> {
      return [await bank.open('alice', '50.00', { bucket: HOME }), await bank.open('alice', '50.00', { bucket: AWAY })];
    },
    /** Asks for a standing order of alice's from tomorrow on. */
    order(from: string, toIban: string, more: object = {}, key: string = newId(0)) {
      const amount = { amount: '1.00', currency: 'EUR' };
      const startDate = utcDate(Date.now() + DAY_MS);
      const terms = { fromAccountId: from, toIban, payeeName: 'Bob', amount, frequency: 'monthly', startDate, ...more };
      return bank.call('alice', 'POST', ORDERS, { body: terms, key });
    },
    /** The standing orders that alice is shown. */
    async orders(): Promise<
      readonly { readonly id: string; readonly fromAccountId: string; readonly status: string }[]
    > {
      return (await bank.call('alice', 'GET', ORDERS, { key: null })).body['data'] as never;
    },
    async cancelAll(): Promise<void> {
      const open = (await this.orders()).filter(({ status }) => status === 'active');
      for (let start = 0; start < open.length; start += CANCELLED_AT_ONCE) {
        await Promise.all(open.slice(start, start + CANCELLED_AT_ONCE).map(({ id }) => this.cancel(id)));
      }
    },
    async cancel(id: string): Promise<void> {
      const { status } = await bank.call('alice', 'POST', `${ORDERS}/${id}/cancel`, { body: {}, key: null });
      if (status !== 200) throw new Error(`not cancelled: ${status}`);
    },
  };
}

export type TwoShards = Awaited<ReturnType<typeof startTwoShards>>;
