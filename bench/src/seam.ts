/**
 * What a benchmark asks of the bank over the message channel to its process. The channel exists only between a parent
 * and the child it started (`bank-process.ts`); nothing of it can be reached over the network.
 */
export type BenchRequest =
  /** Opens accounts in bulk, active, with money on them and daily limits out of the way. Answer: `SeededCustomer[]`. */
  | {
      readonly op: 'seed';
      readonly customers: number;
      readonly accountsPerCustomer: number;
      readonly balance: { readonly amount: string; readonly currency: string };
    }
  /** Access tokens as a sign-in gives them, one a subject, in their order. Answer: `string[]`. */
  | { readonly op: 'mint'; readonly subjects: readonly string[] };

export interface SeededCustomer {
  readonly subject: string;
  readonly accountIds: readonly string[];
}

export type BenchAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };
