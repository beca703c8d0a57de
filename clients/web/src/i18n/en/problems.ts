/** What the bank refuses, in words that say what to do; whatever is not here is shown in the bank's own words. */
export const problems = {
  unreachable: 'The bank could not be reached. Check your connection and try again.',
  'service-unavailable': 'This part of the bank is not answering right now. Try again in a moment.',
  'upstream-timeout': 'The bank took too long to answer. Try again in a moment.',
  'rate-limited': 'That was too much at once. Wait a moment and try again.',
  'internal-error': 'Something went wrong on our side. It has been noted.',
  'unexpected-answer': 'The bank answered in a way this page does not understand. Load the page again.',
  'insufficient-funds': 'There is not enough money on this account for that.',
  'daily-limit-exceeded': 'This would go over the daily limit of the account.',
  'account-not-active': 'One of the two accounts takes no payments right now: it is frozen or closed.',
  'account-busy': 'The account is busy with other work. Try again in a moment.',
  'account-not-found': 'There is no such account.',
  'currency-mismatch': 'Both accounts must be in the same currency.',
  'same-account': 'Choose another account: both sides are the same.',
  'invalid-payee': 'Please check the IBAN.',
} as const;
