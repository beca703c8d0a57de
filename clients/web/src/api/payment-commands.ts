import { answerOf, type Payee, type PayeeCheck, type StandingOrder, type Transfer } from '@florin/sdk';
import { signWithPasskey } from '../passkey/ask-authenticator.ts';
import type { Bank } from '../session/bank.ts';

// What the pages about paying have the bank do. Each rejects with an ApiProblem.

/** What a transfer asks for; sent under a key, so the same body and key can be sent any number of times. */
export interface TransferBody {
  readonly fromAccountId: string;
  readonly toIban: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly reference: string;
}

/** What a standing order asks for; `endDate` is absent when it goes on until cancelled. */
export interface StandingOrderBody extends TransferBody {
  readonly payeeName: string;
  readonly frequency: StandingOrder['frequency'];
  readonly startDate: string;
  readonly endDate?: string;
}

/** A request that happens once: its key, and the challenge that was answered for it, if one was. */
interface Once {
  readonly key: string;
  readonly confirmation: string | undefined;
}

/** Moves money, once per key whatever happens on the way. */
export function sendTransfer({ api }: Bank, body: TransferBody, once: Once): Promise<Transfer> {
  return answerOf(api.POST('/v1/transfers', { ...headersOf(once), body }));
}

/** Makes a standing order, once per key. */
export function makeStandingOrder({ api }: Bank, body: StandingOrderBody, once: Once): Promise<StandingOrder> {
  return answerOf(api.POST('/v1/standing-orders', { ...headersOf(once), body }));
}

function headersOf({ key, confirmation }: Once) {
  const params = { header: { 'Idempotency-Key': key } };
  return confirmation === undefined ? { params } : { params, headers: { 'x-confirmation': confirmation } };
}

/** Confirms a payment with a code of the app. */
export async function confirmByCode({ api }: Bank, challengeId: string, code: string): Promise<void> {
  await answerOf(api.POST('/v1/confirmations/{id}', { params: { path: { id: challengeId } }, body: { code } }));
}

/** Confirms a payment with a passkey on this device, which signs exactly that payment. */
export async function confirmByPasskey({ api }: Bank, challengeId: string): Promise<void> {
  const params = { path: { id: challengeId } };
  const options = await answerOf(api.POST('/v1/confirmations/{id}/passkey-options', { params }));
  const assertion = await signWithPasskey(options);
  await answerOf(api.POST('/v1/confirmations/{id}', { params, body: { assertion } }));
}

/** Asks whether an account is held under a name (confirmation of payee). */
export function checkPayee({ api }: Bank, payee: { name: string; iban: string }): Promise<PayeeCheck> {
  return answerOf(api.POST('/v1/payee-checks', { body: payee }));
}

export function createPayee({ api }: Bank, payee: { name: string; iban: string }): Promise<Payee> {
  return answerOf(api.POST('/v1/payees', { body: payee }));
}

export function renamePayee({ api }: Bank, id: string, name: string): Promise<Payee> {
  return answerOf(api.PATCH('/v1/payees/{id}', { params: { path: { id } }, body: { name } }));
}

/** Whether payments to a payee are made without being confirmed; to begin with that takes a fresh sign-in with two factors. */
export function trustPayee({ api }: Bank, id: string, isTrusted: boolean): Promise<Payee> {
  const params = { path: { id } };
  return answerOf(
    isTrusted ? api.PUT('/v1/payees/{id}/trust', { params }) : api.DELETE('/v1/payees/{id}/trust', { params }),
  );
}

export async function forgetPayee({ api }: Bank, id: string): Promise<void> {
  await answerOf(api.DELETE('/v1/payees/{id}', { params: { path: { id } } }));
}

/** What one may do to a standing order. A date to skip is named, so that it is never the one after it. */
export type StandingOrderChange =
  | { readonly action: 'pause' | 'resume' | 'cancel' }
  | { readonly action: 'skip'; readonly date: string };

/** Changes a standing order; saying the same thing twice changes nothing more. */
export function changeStandingOrder({ api }: Bank, id: string, change: StandingOrderChange): Promise<StandingOrder> {
  const params = { path: { id } };
  switch (change.action) {
    case 'pause':
      return answerOf(api.POST('/v1/standing-orders/{id}/pause', { params }));
    case 'resume':
      return answerOf(api.POST('/v1/standing-orders/{id}/resume', { params }));
    case 'cancel':
      return answerOf(api.POST('/v1/standing-orders/{id}/cancel', { params }));
    case 'skip':
      return answerOf(api.POST('/v1/standing-orders/{id}/skip', { params, body: { date: change.date } }));
  }
}
