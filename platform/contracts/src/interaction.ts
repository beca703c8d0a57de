import { Type } from 'typebox';
import { route } from './route.ts';
import { STRICT } from './shapes.ts';
import { SignUpShape } from './sign-up.ts';

// What a person does between /oidc/auth and the redirect back to the client. The page is the web client's; this is what
// it asks. An interaction belongs to the browser that began it: its cookie is bound to the path and signed.

const InteractionParams = Type.Object({ uid: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) }, STRICT);

/** Where the browser goes on: to the issuer, which sends it back to the client. */
const LocationShape = Type.Object({ location: Type.String() }, STRICT);

export const getInteraction = route({
  operationId: 'getInteraction',
  service: 'users',
  method: 'GET',
  path: '/interaction/{uid}',
  summary: 'What a sign-in is for: which client asks, and whom it expects',
  access: { kind: 'public' },
  params: InteractionParams,
  responses: {
    200: Type.Object(
      {
        uid: Type.String(),
        prompt: Type.String(),
        client: Type.Object({ id: Type.String(), name: Type.String() }, STRICT),
        login: Type.Optional(Type.String({ description: 'Whom the client expects.' })),
      },
      STRICT,
    ),
  },
});

export const submitSignIn = route({
  operationId: 'submitSignIn',
  service: 'users',
  method: 'POST',
  path: '/interaction/{uid}',
  summary: 'Sign in with a password',
  access: { kind: 'public' },
  params: InteractionParams,
  body: Type.Object({ login: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 512 }) }, STRICT),
  responses: { 200: LocationShape },
  problems: ['credentials-wrong', 'sign-in-delayed', 'sign-in-busy'],
});

export const submitSignUp = route({
  operationId: 'submitSignUp',
  service: 'users',
  method: 'POST',
  path: '/interaction/{uid}/sign-up',
  summary: 'Become a customer, and be signed in',
  access: { kind: 'public' },
  params: InteractionParams,
  body: SignUpShape,
  responses: { 200: LocationShape },
  problems: ['invalid-email', 'password-too-weak', 'email-taken', 'sign-in-busy'],
});

export const cancelInteraction = route({
  operationId: 'cancelInteraction',
  service: 'users',
  method: 'POST',
  path: '/interaction/{uid}/cancel',
  summary: 'Back to the client, without signing in',
  access: { kind: 'public' },
  params: InteractionParams,
  responses: { 200: LocationShape },
});

/** The interaction, as one JSON interface for pages and programs. */
export const interactionRoutes = [getInteraction, submitSignIn, submitSignUp, cancelInteraction] as const;
