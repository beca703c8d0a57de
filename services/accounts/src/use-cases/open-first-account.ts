import type { Tx } from '@florin/postgres';
import { Fault, invariant } from '@florin/primitives';
import type { ControlIntent } from '../domain/control.ts';
import type { FirstAccount, Holder } from '../domain/first-account.ts';
import { countAccountsLocked, findAccount, listAccountsOf } from '../repositories/accounts.ts';
import { findOpenIntent } from '../repositories/control-intents.ts';
import { isErasedOwner } from '../repositories/erased-owners.ts';
import { endFirstAccount, lockFirstAccount, setFirstAccount } from '../repositories/first-accounts.ts';
import { findProduct } from '../repositories/products.ts';
import { finishIntent } from './finish-intent.ts';
import { insertOpening, newAccount, type OpenDeps } from './open-account.ts';

export interface FirstAccountDeps extends OpenDeps {
  /** Who somebody is; undefined when nobody is known by this id. A directory that is away is a `Fault`. */
  findHolder(customerId: string): Promise<Holder | undefined>;
}

/** What everybody begins with. */
const FIRST_PRODUCT = 'current-eur';
const OPENED_BY_THE_BANK = { roles: ['customer'], permissions: new Set<string>(), traceId: '' };

/**
 * Sees to it that somebody who signed up has an account, and that this is told. Whoever opened one by hand meanwhile has
 * it already: nothing is opened, and theirs is told. Safe to run again and side by side: which account it is stands in
 * the row under which everybody comes one after the other, and the limit's own lock keeps a request by hand apart.
 */
export async function openFirstAccount(deps: FirstAccountDeps, customerId: string): Promise<void> {
  const holder = await deps.findHolder(customerId);
  const accountId = await deps.db.transaction((tx) => chooseAccount(deps, tx, customerId, holder));
  if (accountId === undefined) return;
  const intent = await findOpenIntent(deps.db, accountId);
  if (intent?.action === 'open') await finishIntent(deps, intent);
  await deps.db.transaction((tx) => tellAndEnd(deps, tx, customerId));
}

/** The account that somebody has or is to have; undefined when nothing is left to do. */
async function chooseAccount(
  deps: FirstAccountDeps,
  tx: Tx,
  customerId: string,
  holder: Holder | undefined,
): Promise<string | undefined> {
  const wanted = await lockFirstAccount(tx, customerId);
  if (wanted === undefined) return undefined;
  if (wanted.accountId !== null) return wanted.accountId;
  if (holder?.isCustomer !== true) {
    await endFirstAccount(tx, customerId, 'no-customer');
    return undefined;
  }
  const has = await countAccountsLocked(tx, customerId);
  // Who they are was asked before the lock, and may not be so any more.
  if (await isErasedOwner(tx, customerId)) {
    await endFirstAccount(tx, customerId, 'no-customer');
    return undefined;
  }
  const [oldest] = has === 0 ? [] : await listAccountsOf(tx, customerId);
  if (oldest !== undefined) {
    await setFirstAccount(tx, customerId, { accountId: oldest.id, toldEventId: null });
    return oldest.id;
  }
  const { accountId } = await open(deps, tx, wanted, holder.name);
  await setFirstAccount(tx, customerId, { accountId, toldEventId: wanted.follows.eventId });
  return accountId;
}

async function open(deps: FirstAccountDeps, tx: Tx, wanted: FirstAccount, name: string): Promise<ControlIntent> {
  const product = await findProduct(tx, FIRST_PRODUCT);
  invariant(product, 'the product that everybody begins with is there');
  const actor = { ...OPENED_BY_THE_BANK, subject: wanted.customerId, name };
  return insertOpening(deps, tx, newAccount(deps, { actor }, product), actor, wanted.follows);
}

async function tellAndEnd(deps: FirstAccountDeps, tx: Tx, customerId: string): Promise<void> {
  const wanted = await lockFirstAccount(tx, customerId);
  if (wanted?.accountId == null) return;
  const account = await findAccount(tx, wanted.accountId);
  invariant(account, 'accounts are never deleted');
  const { id: accountId, status, owners, controlVersion } = account;
  if (status === 'opening') {
    throw new Fault('account-opening', 'the account is still being opened', { retryable: true });
  }
  const { follows } = wanted;
  if (wanted.toldEventId !== follows.eventId) {
    await deps.publish(tx, [
      { kind: 'status-changed', accountId, status, owners, controlVersion, follows, isRestated: true },
    ]);
  }
  await endFirstAccount(tx, customerId, 'has-account');
}
