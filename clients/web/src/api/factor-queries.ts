import { answerOf } from '@florin/sdk';
import { queryOptions } from '@tanstack/react-query';
import { makePasskey, signWithPasskey } from '../passkey/ask-authenticator.ts';
import type { Bank } from '../session/bank.ts';

/** What signs one in besides the password. */
export function myFactorsQuery({ api }: Bank) {
  return queryOptions({
    queryKey: ['my-factors'],
    queryFn: ({ signal }) => answerOf(api.GET('/v1/me/mfa', { signal })),
  });
}

/** Makes a passkey on this device and keeps it under a name; answers recovery codes when it is the first factor. */
export async function addPasskey({ api }: Bank, name: string): Promise<readonly string[] | null> {
  const options = await answerOf(api.POST('/v1/me/mfa/passkeys/options'));
  const creation = await makePasskey(options);
  return (await answerOf(api.POST('/v1/me/mfa/passkeys', { body: { name, creation } }))).recoveryCodes;
}

/** Signs in with a passkey, in a sign-in under way; answers where to go on. */
export async function signInWithPasskey({ api }: Bank, uid: string): Promise<string> {
  const params = { path: { uid } };
  const options = await answerOf(api.POST('/interaction/{uid}/passkey/options', { params }));
  const body = await signWithPasskey(options);
  return (await answerOf(api.POST('/interaction/{uid}/passkey', { params, body }))).location;
}
