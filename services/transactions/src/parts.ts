import type { ServiceCall } from '@florin/http';
import type { Clock, NewId } from '@florin/primitives';
import type { InternalTokens } from '@florin/security';
import { BANK_CODE, type TransactionsConfig } from './config.ts';
import { createAnsweredPublish, createApprovalPublish, createTrustPublish } from './events/publish-approvals.ts';
import { createPublish } from './events/publish-standing-orders.ts';
import { createRecord } from './events/record.ts';
import { createSecondFactors } from './outbound/second-factors.ts';
import type { Payees } from './use-cases/check-payee.ts';
import { underKey } from './use-cases/claim-key.ts';
import type { Confirmations } from './use-cases/confirm-payment.ts';
import { countOrdersElsewhere } from './use-cases/create-standing-order.ts';
import type { BusinessTime } from './use-cases/keep-business-time.ts';
import { PaidNotes } from './use-cases/paid-notes.ts';
import { PayeeChecks } from './use-cases/payee-checks.ts';
import { moveMoney } from './use-cases/send-transfer.ts';
import { findAccountByIban, findAccountsAnywhere } from './use-cases/shards.ts';
import type { ShardedOrders, StandingOrders } from './use-cases/standing-orders.ts';
import type { TransferDesk } from './use-cases/transfer-desk.ts';

interface Places {
  /** The name of the service, as its events carry it. */
  readonly source: string;
  readonly desk: TransferDesk;
  readonly time: BusinessTime;
  /** Tells the relay of a shard that there is something to publish. */
  readonly wakeOf: (index: number) => void;
}

/** Standing orders, and whom customers pay. */
export interface Payments {
  readonly standingOrders: ShardedOrders;
  readonly payees: Payees;
  readonly paidNotes: PaidNotes;
}

/** What pays by itself and whom customers pay, over the desk where transfers are made. */
export function openPayments(
  config: TransactionsConfig,
  { clock, newId }: { readonly clock: Clock; readonly newId: NewId },
  { source, desk, time, wakeOf }: Places,
): Payments {
  const { shards } = desk;
  const paidNotes = new PaidNotes(time.now);
  const bank = { newId, now: time.now, bankCode: config.bankCode ?? BANK_CODE };
  const publish = createPublish(source, clock);
  const publishApproval = createApprovalPublish(source, clock);
  const notePaid = paidNotes.note.bind(paidNotes);
  const findAccounts = (ids: readonly string[]) => findAccountsAnywhere(shards, ids);
  const all = shards.all.map(
    (ledger): StandingOrders => ({
      ...bank,
      db: ledger.db,
      send: (keyed) => moveMoney(desk, keyed),
      underKey: (caller, request, work) => underKey(shards, caller, ledger, request, work),
      countElsewhere: (owner) => countOrdersElsewhere(shards, ledger, owner),
      findElsewhere: async (iban) => (shards.ofIban(iban) === ledger ? undefined : findAccountByIban(shards, iban)),
      findAccounts,
      publish,
      publishApproval,
      published: () => wakeOf(ledger.index),
      notePaid,
    }),
  );
  const ofId = (id: string) => all[shards.ofId(id).index] as StandingOrders;
  return {
    standingOrders: { all, ofId, today: () => time.now().businessDate, notePaid, approvals: desk.approvals },
    payees: {
      ...bank,
      shards,
      clock,
      checks: new PayeeChecks(clock),
      publishTrust: createTrustPublish(source, clock, newId),
      record: createRecord(source, clock),
      published: (customer) => wakeOf(shards.ofCustomer(customer).index),
    },
    paidNotes,
  };
}

/** How payers confirm what they are asked to. */
export function openConfirmations(
  ports: {
    readonly clock: Clock;
    readonly newId: NewId;
    readonly calls: ServiceCall;
    readonly tokens: InternalTokens;
  },
  { source, desk: { shards }, wakeOf }: Places,
): Confirmations {
  return {
    shards,
    factors: createSecondFactors(ports.calls, ports.tokens),
    publish: createAnsweredPublish(source, ports.clock, ports.newId),
    published: (id) => wakeOf(shards.ofId(id).index),
  };
}
