import type { Factors } from '@florin/sdk';

/** What a card says to the page when something changed: in words, and the recovery codes that came with it. */
export interface FactorChange {
  readonly text?: string;
  readonly recoveryCodes?: readonly string[] | null;
}

export interface FactorCardProps {
  readonly factors: Factors;
  readonly onChanged: (change: FactorChange) => void;
}
