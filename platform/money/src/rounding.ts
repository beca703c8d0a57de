import { invariant } from '@florin/primitives';

/**
 * The whole number nearest to `numerator / denominator`; a tie goes to the even neighbour (banker's rounding,
 * IEEE 754 roundTiesToEven): 5/2 is 2, 7/2 is 4, -5/2 is -2. Exact at any size.
 */
export function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  invariant(denominator !== 0n, 'a division by zero');
  const above = denominator < 0n ? -numerator : numerator;
  const below = denominator < 0n ? -denominator : denominator;
  // BigInt division truncates toward zero, so the remainder carries the sign of the numerator.
  const quotient = above / below;
  const remainder = above % below;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  if (twice < below || (twice === below && quotient % 2n === 0n)) return quotient;
  return above < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * Splits a total by weights so that the parts add up to the total exactly. Largest remainder method (Hamilton):
 * everyone gets their share rounded toward zero, and the units left over go one each to the largest fractions, the
 * earlier part first when fractions tie. So 5 by 70/30 is 4 and 1, 100 by 1/1/1 is 34, 33, 33, and 3 by 75/25 is 2
 * and 1. A negative total is split like its opposite. Weights are not negative and at least one is positive.
 */
export function allocate(totalMinor: bigint, weights: readonly bigint[]): bigint[] {
  let sum = 0n;
  for (const weight of weights) {
    invariant(weight >= 0n, 'a negative weight');
    sum += weight;
  }
  invariant(sum > 0n, 'an allocation needs a positive weight');
  const sign = totalMinor < 0n ? -1n : 1n;
  const total = totalMinor * sign;
  const shares = weights.map((weight, index) => ({
    index,
    minor: (total * weight) / sum,
    fraction: (total * weight) % sum,
  }));
  let left = Number(shares.reduce((rest, share) => rest - share.minor, total));
  const byFraction = shares.toSorted((one, other) =>
    one.fraction === other.fraction ? one.index - other.index : one.fraction > other.fraction ? -1 : 1,
  );
  for (const share of byFraction) {
    if (left === 0) break;
    share.minor += 1n;
    left -= 1;
  }
  return shares.map((share) => share.minor * sign);
}
