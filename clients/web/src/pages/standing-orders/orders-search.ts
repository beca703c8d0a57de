import { type PaymentSearch, readPaymentSearch } from '../../payment/payment-search.ts';

/** What the page of standing orders shows: the list, or a new one, filled in as far as the address says. */
export interface OrdersSearch extends PaymentSearch {
  readonly create?: true;
}

/** Reads the search of the address; what fills in a new order means nothing without one. */
export function readOrdersSearch(search: Record<string, unknown>): OrdersSearch {
  return search['create'] === true ? { create: true, ...readPaymentSearch(search) } : {};
}
