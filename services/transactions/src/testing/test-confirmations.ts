import { newId } from '@florin/primitives';
import { type Answer, MIA, type TestService } from './test-service.ts';

/** What Mia is asked to confirm. */
export interface Challenge {
  readonly id: string;
  readonly hash: string;
  readonly payee: { readonly iban: string; readonly name: string | null };
  readonly amount: { readonly amount: string };
}

export function challengeIn({ body }: Answer): Challenge {
  return body['challenge'] as Challenge;
}

let serial = 0;

/** A code that Mia's app shows now. */
function newCode({ factors }: TestService): string {
  serial += 1;
  const code = String(100_000 + serial);
  factors.codes.add(`${MIA} ${code}`);
  return code;
}

/** Answers a challenge, with a good code of Mia's unless told otherwise. */
export function confirmAt(
  service: TestService,
  id: string,
  code = newCode(service),
  who: 'mia' | 'miaElsewhere' | 'bob' = 'mia',
): Promise<Answer> {
  return service.call(who, 'POST', `/v1/confirmations/${id}`, { body: { code }, key: null });
}

export interface Paid {
  readonly key?: string;
  readonly confirmation?: string;
  readonly fields?: object;
}

/** Mia pays. */
export function payAt(
  service: TestService,
  from: string,
  to: string,
  amount: string,
  { key = newId(0), confirmation, fields = {} }: Paid = {},
): Promise<Answer> {
  const headers = confirmation === undefined ? {} : { headers: { 'x-confirmation': confirmation } };
  return service.transfer('mia', from, to, amount, { key, fields, ...headers });
}
