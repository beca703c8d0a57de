import { type Static, Type } from 'typebox';
import { WantedConsentShape } from './consents.ts';
import { AssertionOptionsShape, AssertionShape, SecondFactorCode } from './passkeys.ts';
import { SignUpShape } from './people.ts';
import { route } from './route.ts';
import { STRICT } from './shapes.ts';

const InteractionParams = Type.Object({ uid: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) }, STRICT);
const ToPage = Type.Null({ description: 'A browser that asks for HTML is sent to the page that draws this.' });

const SecondFactorShape = Type.Union([Type.Literal('passkey'), Type.Literal('totp'), Type.Literal('recovery-code')]);

const ProviderId = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' });
const ProviderShape = Type.Object(
  {
    id: ProviderId,
    name: Type.String(),
    kind: Type.Union([Type.Literal('password'), Type.Literal('redirect')], {
      description: '`password`: its name goes along with the name and the password; `redirect`: begin there.',
    }),
  },
  STRICT,
);

const InteractionShape = Type.Object(
  {
    uid: Type.String(),
    prompt: Type.Union([Type.Literal('login'), Type.Literal('create'), Type.Literal('consent')], {
      description:
        '`create` when whoever sent the person here asked for the sign-up page first; `consent` when they are signed in ' +
        'and a program that is not the bank’s asks for something.',
    }),
    client: Type.Object({ id: Type.String(), name: Type.String() }, STRICT),
    login: Type.Union([Type.String(), Type.Null()], {
      description: 'What to fill in already, when the request gave a hint (`login_hint`).',
    }),
    secondFactors: Type.Array(SecondFactorShape, {
      description: 'What is asked for next, once the password was right; empty before that.',
    }),
    providers: Type.Array(ProviderShape, { description: 'Who else knows people, and may be signed in with instead.' }),
    consent: Type.Union([WantedConsentShape, Type.Null()], {
      description: 'What the program asks for, when that is the question.',
    }),
  },
  STRICT,
);
export type InteractionAnswer = Static<typeof InteractionShape>;

/** Where the flow goes on; the browser goes there by itself. */
const Onward = Type.Object({ location: Type.String() }, STRICT);

const INTERACTION_PATH = '/interaction/{uid}';

export const getInteraction = route({
  operationId: 'getInteraction',
  service: 'users',
  method: 'GET',
  path: INTERACTION_PATH,
  summary: 'What a sign-in under way asks for; only in the browser that began it, and for ten minutes',
  access: { kind: 'public' },
  params: InteractionParams,
  responses: { 200: InteractionShape, 303: ToPage },
  problems: ['interaction-not-found'],
});

export const getInteractionSignUp = route({
  operationId: 'getInteractionSignUp',
  service: 'users',
  method: 'GET',
  path: `${INTERACTION_PATH}/sign-up`,
  summary: 'The same, for someone who wants to become a customer first',
  access: { kind: 'public' },
  params: InteractionParams,
  responses: { 200: InteractionShape, 303: ToPage },
  problems: ['interaction-not-found'],
});

export const submitSignIn = route({
  operationId: 'submitSignIn',
  service: 'users',
  method: 'POST',
  path: INTERACTION_PATH,
  summary: 'Sign in with an e-mail address or short name and a password',
  access: { kind: 'public' },
  params: InteractionParams,
  body: Type.Object(
    {
      login: Type.String({ minLength: 1, maxLength: 254 }),
      password: Type.String({ minLength: 1, maxLength: 512 }),
      provider: Type.Optional(ProviderId),
    },
    STRICT,
  ),
  responses: {
    200: Onward,
    202: Type.Object(
      { secondFactors: Type.Array(SecondFactorShape, { minItems: 1 }) },
      { ...STRICT, description: 'The password was right; one of these completes the sign-in.' },
    ),
  },
  problems: [
    'interaction-not-found',
    'wrong-credentials',
    'sign-in-delayed',
    'provider-not-found',
    'provider-unavailable',
    'email-taken',
  ],
});

export const submitSignInCode = route({
  operationId: 'submitSignInCode',
  service: 'users',
  method: 'POST',
  path: `${INTERACTION_PATH}/code`,
  summary: 'Complete a sign-in with a code of the authenticator app, or with a recovery code',
  access: { kind: 'public' },
  params: InteractionParams,
  body: Type.Object({ code: SecondFactorCode }, STRICT),
  responses: { 200: Onward },
  problems: ['interaction-not-found', 'password-first', 'wrong-code', 'sign-in-delayed'],
});

export const beginPasskeySignIn = route({
  operationId: 'beginPasskeySignIn',
  service: 'users',
  method: 'POST',
  path: `${INTERACTION_PATH}/passkey/options`,
  summary: 'What a passkey is to sign, to sign in with it: after the password or instead of it; once, within 5 minutes',
  access: { kind: 'public' },
  params: InteractionParams,
  responses: { 200: AssertionOptionsShape },
  problems: ['interaction-not-found'],
});

export const submitPasskey = route({
  operationId: 'submitPasskey',
  service: 'users',
  method: 'POST',
  path: `${INTERACTION_PATH}/passkey`,
  summary: 'Sign in with a passkey',
  access: { kind: 'public' },
  params: InteractionParams,
  body: AssertionShape,
  responses: { 200: Onward },
  problems: ['interaction-not-found', 'passkey-refused'],
});

export const submitSignUp = route({
  operationId: 'submitSignUp',
  service: 'users',
  method: 'POST',
  path: `${INTERACTION_PATH}/sign-up`,
  summary: 'Become a customer, and be signed in',
  access: { kind: 'public' },
  params: InteractionParams,
  body: SignUpShape,
  responses: { 200: Onward },
  problems: ['interaction-not-found', 'invalid-email', 'password-too-weak', 'email-taken'],
});

export const giveConsent = route({
  operationId: 'giveConsent',
  service: 'users',
  method: 'POST',
  path: `${INTERACTION_PATH}/consent`,
  summary: 'Allow the program what it asks for, and go back to it; `cancel` refuses',
  access: { kind: 'public' },
  params: InteractionParams,
  responses: { 200: Onward },
  problems: ['interaction-not-found'],
});

export const cancelSignIn = route({
  operationId: 'cancelSignIn',
  service: 'users',
  method: 'POST',
  path: `${INTERACTION_PATH}/cancel`,
  summary: 'Go back to where the sign-in was asked for, without one',
  access: { kind: 'public' },
  params: InteractionParams,
  responses: { 200: Onward },
  problems: ['interaction-not-found'],
});

export const beginFederation = route({
  operationId: 'beginFederation',
  service: 'users',
  method: 'POST',
  path: `${INTERACTION_PATH}/federation/{provider}`,
  summary: 'Go to another issuer to sign in there',
  access: { kind: 'public' },
  params: Type.Object({ ...InteractionParams.properties, provider: ProviderId }, STRICT),
  responses: { 200: Onward },
  problems: ['interaction-not-found', 'provider-not-found', 'provider-unavailable'],
});

/** Issuers send along what they like besides (RFC 6749 section 4.1.2: unrecognised parameters are ignored). */
const Returned = Type.Object(
  { state: Type.Optional(Type.String({ maxLength: 200 })) },
  { additionalProperties: Type.String({ maxLength: 4_000 }), maxProperties: 20 },
);

export const federationCallback = route({
  operationId: 'federationCallback',
  service: 'users',
  method: 'GET',
  path: '/federation/callback',
  summary: 'Where another issuer sends the browser back to',
  access: { kind: 'public' },
  query: Returned,
  responses: { 303: ToPage },
});

export const finishFederation = route({
  operationId: 'finishFederation',
  service: 'users',
  method: 'GET',
  path: `${INTERACTION_PATH}/federated`,
  summary: 'Complete a sign-in with what another issuer answered; only in the browser that began it',
  access: { kind: 'public' },
  params: InteractionParams,
  query: Returned,
  responses: { 303: ToPage },
  problems: ['interaction-not-found'],
});

/** What happens between the authorisation request and the redirect back: the sign-in and sign-up pages talk to these. */
export const interactionRoutes = [
  getInteraction,
  getInteractionSignUp,
  submitSignIn,
  submitSignInCode,
  beginPasskeySignIn,
  submitPasskey,
  submitSignUp,
  giveConsent,
  cancelSignIn,
  beginFederation,
  federationCallback,
  finishFederation,
] as const;
