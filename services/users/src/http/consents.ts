import {
  disableClient as disableRoute,
  listMyConsents,
  listClients as listRoute,
  registerClient as registerRoute,
  revokeMyConsent,
} from '@florin/contracts';
import { type Endpoint, endpoint, problemReply } from '@florin/http';
import type { Consent, ThirdPartyClient, WantedConsent } from '../domain/third-party.ts';
import { listConsents, revokeConsent } from '../use-cases/consents.ts';
import {
  disableClient,
  listClients,
  type RegisterClientFailure,
  registerClient,
} from '../use-cases/third-party-clients.ts';
import { type PersonProblem, personProblem } from './person-problems.ts';

type Deps = Parameters<typeof registerClient>[0] & Parameters<typeof revokeConsent>[0];

/** What customers allowed programs that are not the bank's, and which programs those are. */
export function consentEndpoints(deps: Deps): readonly Endpoint[] {
  return [
    endpoint(listMyConsents, async ({ principal }) => {
      const consents = await listConsents(deps, principal.subject);
      return { status: 200, body: { data: consents.map(presentConsent), nextCursor: null } };
    }),
    endpoint(revokeMyConsent, async ({ caller, params, traceId }) => {
      const revoked = await revokeConsent(deps, caller, params.id);
      return revoked ? { status: 204 } : problemReply({ ...CONSENT_UNKNOWN, traceId });
    }),
    endpoint(registerRoute, async ({ caller, body, traceId }) => {
      const result = await registerClient(deps, caller, body);
      if (!result.ok) return problemReply({ ...registrationProblem(result.failure), traceId });
      return { status: 201, body: presentClient(result.value) };
    }),
    endpoint(listRoute, async () => {
      const clients = await listClients(deps);
      return { status: 200, body: { data: clients.map(presentClient), nextCursor: null } };
    }),
    endpoint(disableRoute, async ({ caller, params, traceId }) => {
      const result = await disableClient(deps, caller, params.id);
      if (!result.ok) return problemReply({ ...CLIENT_UNKNOWN, traceId });
      return { status: 200, body: presentClient(result.value) };
    }),
  ];
}

const CONSENT_UNKNOWN = personProblem('consent-not-found', 'This consent is over, or not yours.');
const CLIENT_UNKNOWN = personProblem('client-not-found', 'There is no registered program with this id.');

function registrationProblem({ code }: RegisterClientFailure): PersonProblem {
  switch (code) {
    case 'invalid-redirect-uri':
      return personProblem(code, 'Every address to come back to is https, with a host and nothing after a #.');
    case 'invalid-key':
      return personProblem(code, 'Every key is a point of the curve P-256, under a kid of its own.');
    case 'too-many-clients':
      return personProblem(code, 'There are as many registered programs as there may be.');
  }
}

/** What a program asks for, in the words of the API. */
export function presentWanted({ scopes, payment }: WantedConsent) {
  return { scopes: [...scopes], payment: payment === undefined ? null : { ...payment } };
}

function presentConsent(consent: Consent) {
  return {
    id: consent.id,
    client: { id: consent.clientId, name: consent.clientName },
    ...presentWanted(consent),
    givenAt: new Date(consent.givenAtMs).toISOString(),
    expiresAt: new Date(consent.expiresAtMs).toISOString(),
  };
}

function presentClient({ registeredAtMs, ...client }: ThirdPartyClient) {
  return {
    id: client.id,
    name: client.name,
    redirectUris: [...client.redirectUris],
    scopes: [...client.scopes],
    keys: client.keys.map((key) => ({ ...key })),
    status: client.status,
    registeredAt: new Date(registeredAtMs).toISOString(),
  };
}
