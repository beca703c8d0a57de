export { CURRENCIES, type Currency } from './currency.ts';
export { bucketOfIban, isValidIban, makeIban, normaliseIban } from './iban.ts';
export {
  AMOUNT_MINOR_MAX,
  formatMoney,
  type Money,
  type MoneyFailure,
  parseMoney,
  parseSignedMoney,
  type WireMoney,
} from './money.ts';
export { allocate, roundHalfEven } from './rounding.ts';
