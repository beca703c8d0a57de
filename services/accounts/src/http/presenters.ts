import type { AccountAnswer, AccountEvent, PostingAnswer } from '@florin/contracts';
import { formatMoney } from '@florin/money';
import type { Account, Product } from '../domain/account.ts';
import type { AccountNews } from '../domain/account-news.ts';
import { availableMinor, type Balance, type BalanceView } from '../domain/balance.ts';
import type { HistoryLine } from '../domain/history.ts';
import { writeLineName } from '../domain/line-name.ts';

export function presentAccount(account: Account, balance: Balance): AccountAnswer {
  return {
    id: account.id,
    iban: account.iban,
    name: account.name,
    product: account.productCode,
    currency: account.currency,
    status: account.status,
    balance: presentBalance(balance, account.currency),
    dailyLimit: formatMoney(account.dailyLimitMinor, account.currency),
    openedAt: new Date(account.openedAtMs).toISOString(),
  };
}

function presentBalance(balance: Balance, currency: string) {
  return {
    posted: formatMoney(balance.postedMinor, currency),
    available: formatMoney(availableMinor(balance), currency),
    held: formatMoney(balance.heldMinor, currency),
    version: balance.version,
  };
}

/** Views never change, so the text of one is made once for as long as it is kept in memory. */
const balanceTexts = new WeakMap<BalanceView, string>();

export function presentBalanceText(view: BalanceView): string {
  const known = balanceTexts.get(view);
  if (known !== undefined) return known;
  const text = JSON.stringify(presentBalance(view, view.currency));
  balanceTexts.set(view, text);
  return text;
}

export function presentProduct(product: Product) {
  return {
    code: product.code,
    name: product.name,
    currency: product.currency,
    overdraft: formatMoney(product.overdraftMinor, product.currency),
    dailyLimit: formatMoney(product.dailyLimitMinor, product.currency),
    transferFee: formatMoney(product.transferFeeMinor, product.currency),
  };
}

/** Journals that are transfers of their own: their id is what GET /v1/transfers/{id} takes. */
const TRANSFER_KINDS: ReadonlySet<string> = new Set(['transfer', 'reversal']);

export function presentLine(line: HistoryLine, currency: string): PostingAnswer {
  return {
    id: writeLineName(line),
    journalId: line.journalId,
    ...(TRANSFER_KINDS.has(line.kind) ? { transferId: line.journalId } : {}),
    kind: line.kind,
    amount: formatMoney(line.amountMinor, currency),
    balanceAfter: formatMoney(line.balanceAfterMinor, currency),
    bookedAt: new Date(line.bookedAtMs).toISOString(),
    valueDate: line.valueDate,
    counterparty: { iban: line.counterpartyIban, name: line.counterpartyName },
    reference: line.reference,
    category: line.category,
  };
}

export function presentNews(news: AccountNews): AccountEvent {
  const { accountId, status, currency } = news;
  return {
    accountId,
    status,
    balance: presentBalance(news.balance, currency),
    transactions: news.lines.map((line) => presentLine(line, currency)),
    more: news.hasMore,
  };
}
