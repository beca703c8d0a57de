import type { Attack } from './asking.ts';
import { type AttackedBank, newKey } from './attacked-bank.ts';
import { type Cast, person } from './people.ts';

export interface Stage {
  readonly attacked: AttackedBank;
  readonly cast: Cast;
}

/** A request that does it, by somebody who may; what it needs is there by then. */
export type Doing = (stage: Stage) => Promise<Attack> | Attack;

/** How an operation that changes something is done, and who is not let do it. */
export interface Action {
  /** Or the test that shows the record, where doing it takes more than a request. */
  readonly done: Doing | Elsewhere | { readonly changesNothing: string };
  /** What it is on record as, when it does more than one thing. */
  readonly recorded?: readonly string[];
  /** By whom else's object, or in which sign-in, it is denied; by role when absent. */
  readonly denied?: Doing | { readonly nobody: string };
}

export interface Elsewhere {
  readonly file: string;
  readonly title: string;
}

export const eur = (amount: string) => ({ amount, currency: 'EUR' });
export const post = (path: string, token: string, body?: unknown): Attack => ({
  method: 'POST',
  path,
  token,
  key: newKey(),
  ...(body === undefined ? {} : { body }),
});

export async function did(attacked: AttackedBank, attack: Attack): Promise<Readonly<Record<string, unknown>>> {
  const answer = await attacked.ask(attack);
  if (answer.status >= 300)
    throw new Error(`${attack.method} ${attack.path} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

export const everybody = { nobody: 'it is one’s own, and everybody who is signed in may' };

/** Somebody of their own for a change that others would notice, signed in with a password a moment ago. */
export async function newcomer({ attacked }: Stage, name: string) {
  const { id } = await person(attacked, name, ['customer']);
  const { accessToken } = await attacked.signIn(`${name.toLowerCase().replaceAll(' ', '.')}@example.com`);
  return { id, token: accessToken };
}

export async function openedAccount({ attacked, cast }: Stage, who: 'alice' | 'bob' = 'bob'): Promise<string> {
  const made = await did(attacked, post('/v1/accounts', cast[who].token, { productCode: 'savings-eur' }));
  return String(made['id']);
}
