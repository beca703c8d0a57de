import type { Cause, NoticeDraft, NoticeKind } from './notice.ts';

export type AccountStatus = 'active' | 'frozen' | 'closing' | 'closed';

/** Something other services said that is final: nothing of it is pending any more. */
export type News = AccountNews | TransferNews | FailedOrderNews | SecurityNews | ErasureNews;

export interface AccountNews {
  readonly kind: 'account-status';
  readonly cause: Cause;
  readonly accountId: string;
  readonly status: AccountStatus;
  readonly owners: readonly string[];
  /** Nothing changed; it is said again. */
  readonly isRestated: boolean;
}

export interface TransferNews {
  readonly kind: 'transfer';
  readonly cause: Cause;
  readonly transferId: string;
  readonly fromAccountId: string;
  readonly toAccountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
}

export interface FailedOrderNews {
  readonly kind: 'order-failed';
  readonly cause: Cause;
  readonly orderId: string;
  readonly owner: string;
  readonly fromAccountId: string;
  readonly payeeName: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly dueDate: string;
  readonly problemCode: string | undefined;
}

/** What somebody signs in with or from changed, or somebody guesses at it. */
export interface SecurityNews {
  readonly kind: 'security';
  readonly cause: Cause;
  readonly owner: string;
  readonly change: string;
  readonly device: string | undefined;
}

/** Somebody was erased. What they were told goes, and they are told nothing more. */
export interface ErasureNews {
  readonly kind: 'erasure';
  readonly owner: string;
}

export interface KnownAccount {
  readonly status: AccountStatus;
  readonly owners: readonly string[];
}

/** What is known before the news: the accounts that it names, and who of those it names has an account at all. */
export interface Known {
  readonly accounts: ReadonlyMap<string, KnownAccount>;
  readonly holders: ReadonlySet<string>;
}

export interface Decided {
  readonly drafts: readonly NoticeDraft[];
  /** Accounts as they are now, those that are new or changed. */
  readonly accounts: ReadonlyMap<string, KnownAccount>;
  /** Money to accounts whose owners nobody has told us. */
  readonly waiting: readonly TransferNews[];
  /** Who was erased. */
  readonly erased: readonly string[];
}

/** Who is to be told what, of news in the order it came. */
export function decideNotices(known: Known, news: readonly News[]): Decided {
  const accounts = new Map(known.accounts);
  const holders = new Set(known.holders);
  const changed = new Map<string, KnownAccount>();
  const drafts: NoticeDraft[] = [];
  const waiting: TransferNews[] = [];
  const erased: string[] = [];
  for (const one of news) {
    switch (one.kind) {
      case 'account-status': {
        drafts.push(...accountNotices(accounts.get(one.accountId), holders, one));
        const account = { status: one.status, owners: one.owners };
        accounts.set(one.accountId, account);
        changed.set(one.accountId, account);
        for (const owner of one.owners) holders.add(owner);
        break;
      }
      case 'transfer':
        if (accounts.has(one.toAccountId)) drafts.push(...transferNotices(accounts, one));
        else waiting.push(one);
        break;
      case 'order-failed':
        drafts.push(orderNotice(one));
        break;
      case 'security':
        drafts.push(securityNotice(one));
        break;
      case 'erasure':
        erased.push(one.owner);
    }
  }
  return { drafts, accounts: changed, waiting, erased };
}

/** Money for those who have the account and did not have it before: moving one's own money is no news. */
export function transferNotices(accounts: ReadonlyMap<string, KnownAccount>, transfer: TransferNews): NoticeDraft[] {
  const payers = accounts.get(transfer.fromAccountId)?.owners ?? [];
  const payees = accounts.get(transfer.toAccountId)?.owners ?? [];
  return payees
    .filter((owner) => !payers.includes(owner))
    .map((owner) => ({
      owner,
      kind: 'money-received',
      parameters: {
        accountId: transfer.toAccountId,
        transferId: transfer.transferId,
        amountMinor: transfer.amountMinor.toString(),
        currency: transfer.currency,
        reference: transfer.reference,
      },
      cause: transfer.cause,
    }));
}

function accountNotices(
  before: KnownAccount | undefined,
  holders: ReadonlySet<string>,
  { accountId, status, owners, isRestated, cause }: AccountNews,
): NoticeDraft[] {
  const tell = (owner: string, kind: NoticeKind) => ({ owner, kind, parameters: { accountId }, cause });
  const drafts: NoticeDraft[] = [];
  if (status === 'active') {
    // Whoever's sign-up led here is welcomed in any case: then it may have been said again because they were not. The
    // others when this is the first we hear of them, unless that is old news.
    const isWelcome = (owner: string) =>
      owner === cause.correlationId || (before === undefined && !isRestated && !holders.has(owner));
    drafts.push(...owners.filter(isWelcome).map((owner) => tell(owner, 'welcome')));
  }
  if (before === undefined || isRestated) return drafts;
  const kind = changeKind(before.status, status);
  if (kind !== undefined) drafts.push(...owners.map((owner) => tell(owner, kind)));
  return drafts;
}

function changeKind(before: AccountStatus, now: AccountStatus): NoticeKind | undefined {
  if (before === now) return undefined;
  if (now === 'frozen') return 'account-frozen';
  if (now === 'closed') return 'account-closed';
  return before === 'frozen' && now === 'active' ? 'account-unfrozen' : undefined;
}

function securityNotice({ owner, change, device, cause }: SecurityNews): NoticeDraft {
  const parameters = { change, ...(device === undefined ? {} : { device }) };
  return { owner, kind: 'security-changed', parameters, cause };
}

function orderNotice(order: FailedOrderNews): NoticeDraft {
  return {
    owner: order.owner,
    kind: 'standing-order-failed',
    parameters: {
      accountId: order.fromAccountId,
      orderId: order.orderId,
      amountMinor: order.amountMinor.toString(),
      currency: order.currency,
      payeeName: order.payeeName,
      dueDate: order.dueDate,
      ...(order.problemCode === undefined ? {} : { problemCode: order.problemCode }),
    },
    cause: order.cause,
  };
}
