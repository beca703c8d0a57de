/** Whom a payment is for, as its payer knows them: themselves alone, somebody they trust, or anybody else. */
export type PayeeStanding = 'own' | 'trusted' | 'new';

/** What somebody paid from an account without a second factor since they last confirmed a payment from it. */
export interface Exempted {
  readonly inARow: number;
  readonly totalMinor: bigint;
}

export const NOTHING_EXEMPTED: Exempted = { inARow: 0, totalMinor: 0n };

/**
 * `none`: nothing is asked. `exempt`: nothing is asked this time, and it counts. `confirm`: the payer confirms this payment
 * with a second factor.
 */
export type PaymentNeed = 'none' | 'exempt' | 'confirm';

/** Amounts in minor units up to which a payment is not confirmed. */
interface Thresholds {
  /** One payment to anybody, and all of them since the last that was confirmed. */
  readonly lowValueMinor: bigint;
  readonly lowValueTotalMinor: bigint;
  /** One payment to somebody trusted. */
  readonly trustedMinor: bigint;
}

/** How many payments to anybody may follow one another without being confirmed. */
const EXEMPTED_IN_A_ROW_MAX = 5;

/**
 * Per currency, because a ledger has no rates: 30.00, 100.00 and 1,000.00 euros, or somewhat less in others. In a currency
 * that is not listed every payment to somebody else is confirmed.
 */
const THRESHOLDS: Readonly<Record<string, Thresholds>> = {
  EUR: { lowValueMinor: 30_00n, lowValueTotalMinor: 100_00n, trustedMinor: 1_000_00n },
  USD: { lowValueMinor: 30_00n, lowValueTotalMinor: 100_00n, trustedMinor: 1_000_00n },
  GBP: { lowValueMinor: 25_00n, lowValueTotalMinor: 80_00n, trustedMinor: 800_00n },
  CHF: { lowValueMinor: 25_00n, lowValueTotalMinor: 90_00n, trustedMinor: 900_00n },
  JPY: { lowValueMinor: 4_000n, lowValueTotalMinor: 14_000n, trustedMinor: 140_000n },
  KWD: { lowValueMinor: 9_000n, lowValueTotalMinor: 30_000n, trustedMinor: 300_000n },
};

/** A payment, as far as the table asks. */
export interface PaymentFacts {
  readonly payee: PayeeStanding;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly exempted: Exempted;
}

interface Rule {
  readonly payee: PayeeStanding;
  readonly need: PaymentNeed;
  /** Whether it is for this payment, besides the payee; always when absent. */
  fits?(payment: PaymentFacts, thresholds: Thresholds): boolean;
}

/**
 * The risk table: the first row that fits decides. Commission Delegated Regulation (EU) 2018/389: article 15 (own
 * accounts), 13 (trusted beneficiaries), 16 (low value: at most 30.00, five in a row, 100.00 in all).
 */
const TABLE: readonly Rule[] = [
  { payee: 'own', need: 'none' },
  { payee: 'trusted', need: 'none', fits: ({ amountMinor }, { trustedMinor }) => amountMinor <= trustedMinor },
  { payee: 'new', need: 'exempt', fits: isLowValue },
];

const NOTHING_BELOW: Thresholds = { lowValueMinor: 0n, lowValueTotalMinor: 0n, trustedMinor: 0n };

/** What a payment needs; `confirm` when no row of the table says less. */
export function needOf(payment: PaymentFacts): PaymentNeed {
  const thresholds = THRESHOLDS[payment.currency] ?? NOTHING_BELOW;
  const rule = TABLE.find(({ payee, fits }) => payee === payment.payee && (fits?.(payment, thresholds) ?? true));
  return rule?.need ?? 'confirm';
}

/** The count with a payment that was exempt. */
export function countExempted(exempted: Exempted, amountMinor: bigint): Exempted {
  return { inARow: exempted.inARow + 1, totalMinor: exempted.totalMinor + amountMinor };
}

function isLowValue({ amountMinor, exempted }: PaymentFacts, thresholds: Thresholds): boolean {
  const after = countExempted(exempted, amountMinor);
  return (
    amountMinor <= thresholds.lowValueMinor &&
    after.inARow <= EXEMPTED_IN_A_ROW_MAX &&
    after.totalMinor <= thresholds.lowValueTotalMinor
  );
}
