import type { Money } from '@florin/sdk';

/**
 * An amount the bank wrote, in minor units. The bank always writes all digits of the currency, so the point can go. A
 * balance may be larger than what one payment can name, which is why this is not `parseMoney`.
 */
export function minorUnits({ amount }: Money): bigint {
  return BigInt(amount.replace('.', ''));
}
