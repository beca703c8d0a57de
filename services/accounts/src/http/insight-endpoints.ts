import { getBalanceHistory, getSpending, type SpendingAnswer } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { formatMoney } from '@florin/money';
import type { CurrencySpending } from '../domain/spending.ts';
import { readBalanceHistory } from '../use-cases/read-balance-history.ts';
import { readSpending, type SpendingDeps } from '../use-cases/read-spending.ts';
import { minimumVersions } from './minimum-versions.ts';
import { refusal } from './problems.ts';

/** What people want to know about their money beyond the lines. */
export function insightEndpoints(deps: SpendingDeps): Endpoint[] {
  return [
    endpoint(getSpending, async (call) => {
      const minimum = minimumVersions(call.headers);
      const { month, currencies } = await readSpending(deps, call.principal.subject, {
        month: call.query.month,
        minimum,
      });
      return { status: 200, body: { month, currencies: currencies.map(presentSpending) } };
    }),
    endpoint(getBalanceHistory, async (call) => {
      const found = await readBalanceHistory(deps, call.caller, {
        accountId: call.params.id,
        ...call.query,
        minimum: minimumVersions(call.headers),
      });
      if (!found.ok) return refusal(found.failure, call.traceId);
      const { closings, currency } = found.value;
      const data = closings.map(({ date, postedMinor }) => ({ date, posted: formatMoney(postedMinor, currency) }));
      return { status: 200, body: { data } };
    }),
  ];
}

function presentSpending(spending: CurrencySpending): SpendingAnswer['currencies'][number] {
  const { currency } = spending;
  const money = (amountMinor: bigint) => formatMoney(amountMinor, currency);
  return {
    currency,
    received: money(spending.receivedMinor),
    spent: money(spending.spentMinor),
    spentMonthBefore: money(spending.spentBeforeMinor),
    categories: spending.categories.map(({ category, spentMinor, spentBeforeMinor, count }) => ({
      category,
      spent: money(spentMinor),
      spentMonthBefore: money(spentBeforeMinor),
      count,
    })),
  };
}
