/** What the bank calls itself on paper. */
export const BANK_NAME = 'Florin';
