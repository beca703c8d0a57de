import { problemKinds } from './problem-kind.ts';

/** What may be refused about payees and standing orders, beyond the problems that others share. */
export const paymentProblems = problemKinds({
  'confirmation-not-found': {
    status: 404,
    title: 'No such confirmation',
    meaning: 'Nothing of this id waits for you to confirm it in this sign-in.',
  },
  'confirmation-over': {
    status: 409,
    title: 'Too late to confirm',
    meaning: 'A challenge is answered within five minutes. Send the payment again for another one.',
  },
  'confirmation-refused': {
    status: 403,
    title: 'Not confirmed',
    meaning:
      'The header `x-confirmation` names no confirmation for this payment: it is of another payment, another sign-in, used or ' +
      'over. Send the payment without it to begin again.',
  },
  'confirmation-required': {
    status: 403,
    title: 'Confirm this payment',
    meaning:
      'Nothing was done. Confirm the `challenge` with a second factor, then send the same request under the same key with its id ' +
      'in the header `x-confirmation`.',
  },
  'second-factor-needed': {
    status: 403,
    title: 'Set up a second factor',
    meaning: 'This is confirmed with an authenticator app or a passkey. Set one up, and sign in again with it.',
  },
  'invalid-payee': {
    status: 400,
    title: 'Invalid payee',
    meaning: 'The payee is not named by exactly one of `toAccountId` and `toIban`, or the IBAN is mistyped.',
  },
  'not-the-next-date': {
    status: 409,
    title: 'Not the next date',
    meaning: 'Only the next date of a standing order can be skipped; it has moved on. Read the order again.',
  },
  'payee-exists': {
    status: 409,
    title: 'You keep this payee already',
    meaning: 'A customer keeps an IBAN once.',
  },
  'payee-not-found': {
    status: 404,
    title: 'No such payee',
    meaning: 'You keep no payee of this id.',
  },
  'payment-consent-used': {
    status: 409,
    title: 'Paid already',
    meaning: 'A customer allows a program one payment at a time, and this one was asked for before. Ask them again.',
  },
  'payment-not-consented': {
    status: 403,
    title: 'Not what was allowed',
    meaning: 'The customer allowed this program another payee, amount or account, or no payment at all.',
  },
  'standing-order-not-found': {
    status: 404,
    title: 'No such standing order',
    meaning: 'You have no standing order of this id.',
  },
  'standing-order-over': {
    status: 409,
    title: 'The standing order is over',
    meaning: 'It has ended or was cancelled, and does not begin again.',
  },
  'too-many-payee-checks': {
    status: 429,
    title: 'Too many names checked',
    meaning: 'Confirmation of payee is for paying, not for looking people up. Try again after `Retry-After`.',
  },
  'too-many-payees': {
    status: 422,
    title: 'Too many payees',
    meaning: 'A customer keeps as many payees as one may; delete some first.',
  },
  'too-many-standing-orders': {
    status: 422,
    title: 'Too many standing orders',
    meaning: 'A customer has as many open standing orders as one may; cancel some first.',
  },
});
