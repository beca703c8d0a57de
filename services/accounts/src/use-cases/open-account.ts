import { makeIban } from '@florin/money';
import type { Tx } from '@florin/postgres';
import { bucketOfCustomer, Fault, invariant, type NewId } from '@florin/primitives';
import { ACCOUNTS_PER_CUSTOMER_MAX, type Account, type Product } from '../domain/account.ts';
import { type Actor, askedBy } from '../domain/actor.ts';
import { type ControlIntent, SWEEP_AFTER_MS } from '../domain/control.ts';
import type { AccountFailure } from '../domain/failures.ts';
import type { Follows } from '../domain/follows.ts';
import { countAccountsLocked, insertAccount } from '../repositories/accounts.ts';
import { type CommandKey, type CommandRecord, findCommand, insertCommand } from '../repositories/commands.ts';
import { findOpenIntent, insertIntent } from '../repositories/control-intents.ts';
import { isErasedOwner } from '../repositories/erased-owners.ts';
import { findProduct } from '../repositories/products.ts';
import { finishIntent } from './finish-intent.ts';
import type { Deps, StoredAnswer } from './ports.ts';

export interface OpenDeps extends Deps {
  readonly newId: NewId;
  /** Seven random digits, 0 to 9,999,999. */
  readonly newSerial: () => number;
  /** Four letters in every IBAN of this bank. */
  readonly bankCode: string;
  /** The answer to a request that was refused; kept with its key. */
  presentRefused(failure: AccountFailure, traceId: string): StoredAnswer;
}

export interface OpenRequest {
  readonly actor: Actor;
  readonly productCode: string;
  /** The product's name when absent. */
  readonly name?: string;
  readonly key: CommandKey;
  readonly fingerprint: string;
}

export type OpenOutcome =
  | { readonly kind: 'answered'; readonly answer: StoredAnswer; readonly isReplay: boolean }
  | { readonly kind: 'key-reused' };

/** Of ten million serials a bucket has; the chance that this many are taken is nil until a bucket is nearly full. */
const IBAN_ATTEMPTS_MAX = 10;
const HOLDER_NAME_LENGTH_MAX = 140;
const NAMELESS_HOLDER = 'Account holder';

/**
 * Opens an account of the actor's own, once per key. The account, the intent to open it in the ledger and the key are
 * one transaction; the answer waits for the ledger. A request with the same key joins: it finishes what the first left
 * open and gets the same bytes. Refuses with `unknown-product`, `too-many-accounts` or `owner-erased`, which are answers of their key.
 */
export async function openAccount(deps: OpenDeps, request: OpenRequest): Promise<OpenOutcome> {
  const known = await findCommand(deps.db, request.key);
  if (known !== undefined) return joinFirst(deps, request, known);
  const begun = await deps.db.transaction((tx) => begin(deps, tx, request));
  if (begun === 'key-taken') {
    const first = await findCommand(deps.db, request.key);
    invariant(first, 'a key that is taken has a command');
    return joinFirst(deps, request, first);
  }
  if (begun !== 'refused') await finishIntent(deps, begun);
  return { kind: 'answered', answer: await storedAnswer(deps, request.key), isReplay: false };
}

async function begin(deps: OpenDeps, tx: Tx, request: OpenRequest): Promise<ControlIntent | 'key-taken' | 'refused'> {
  const { actor, key, fingerprint } = request;
  const product = await findProduct(tx, request.productCode);
  const refuse = async (failure: AccountFailure) => {
    const answer = deps.presentRefused(failure, actor.traceId);
    const isOurs = await insertCommand(tx, key, { fingerprint, accountId: null, answer });
    return isOurs ? 'refused' : 'key-taken';
  };
  if (product === undefined) return refuse({ code: 'unknown-product', detail: 'There is no such product.' });
  if ((await countAccountsLocked(tx, actor.subject)) >= ACCOUNTS_PER_CUSTOMER_MAX) {
    const detail = `A customer can have ${ACCOUNTS_PER_CUSTOMER_MAX} accounts.`;
    return refuse({ code: 'too-many-accounts', detail });
  }
  if (await isErasedOwner(tx, actor.subject)) {
    return refuse({ code: 'owner-erased', detail: 'No account is opened for somebody who was erased.' });
  }
  const account = newAccount(deps, request, product);
  if (!(await insertCommand(tx, key, { fingerprint, accountId: account.id, answer: null }))) return 'key-taken';
  return insertOpening(deps, tx, account, actor);
}

/** Inserts an account that the ledger does not have yet, and the intent to open it there. */
export async function insertOpening(
  deps: OpenDeps,
  tx: Tx,
  account: Account,
  actor: Actor,
  follows?: Follows,
): Promise<ControlIntent> {
  await insertWithFreeIban(deps, tx, account);
  const intent: ControlIntent = {
    accountId: account.id,
    controlVersion: account.controlVersion,
    action: 'open',
    wanted: { status: 'active', dailyLimitMinor: account.dailyLimitMinor },
    ...askedBy(actor),
    reason: null,
    ...(follows === undefined ? {} : { follows }),
  };
  await insertIntent(tx, intent, SWEEP_AFTER_MS);
  return intent;
}

/** An account of the actor's own on the terms of a product; it has no IBAN until it is stored. */
export function newAccount(
  deps: Pick<OpenDeps, 'newId' | 'clock'>,
  request: Pick<OpenRequest, 'actor' | 'name'>,
  product: Product,
): Account {
  return {
    id: deps.newId(bucketOfCustomer(request.actor.subject)),
    iban: '',
    name: request.name ?? product.name,
    productCode: product.code,
    currency: product.currency,
    holderName: (request.actor.name ?? NAMELESS_HOLDER).slice(0, HOLDER_NAME_LENGTH_MAX),
    status: 'opening',
    owners: [request.actor.subject],
    overdraftMinor: product.overdraftMinor,
    dailyLimitMinor: product.dailyLimitMinor,
    transferFeeMinor: product.transferFeeMinor,
    controlVersion: 1,
    openedAtMs: deps.clock(),
  };
}

/** The bucket of the first owner stands in the IBAN, so that the shard of a payee can be read from what people type. */
async function insertWithFreeIban(deps: OpenDeps, tx: Tx, account: Account): Promise<void> {
  const bucket = bucketOfCustomer(account.owners[0] ?? '');
  for (let attempt = 0; attempt < IBAN_ATTEMPTS_MAX; attempt += 1) {
    const iban = makeIban('NL', deps.bankCode, bucket, deps.newSerial());
    if (await insertAccount(tx, { ...account, iban })) return;
  }
  throw new Fault('no-free-iban', 'no free IBAN was found for a new account', { retryable: true });
}

async function joinFirst(deps: OpenDeps, request: OpenRequest, first: CommandRecord): Promise<OpenOutcome> {
  if (first.fingerprint !== request.fingerprint) return { kind: 'key-reused' };
  if (first.answer === null && first.accountId !== null) {
    const intent = await findOpenIntent(deps.db, first.accountId);
    if (intent !== undefined) await finishIntent(deps, intent);
  }
  return { kind: 'answered', answer: first.answer ?? (await storedAnswer(deps, request.key)), isReplay: true };
}

async function storedAnswer(deps: OpenDeps, key: CommandKey): Promise<StoredAnswer> {
  const command = await findCommand(deps.db, key);
  invariant(command?.answer, 'a finished command has its answer');
  return command.answer;
}
