import { randomBytes } from 'node:crypto';
import { beginFederation, federationCallback, finishFederation } from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import type { Result } from '@florin/primitives';
import type { CredentialFailure, PendingFederation } from '../domain/external-identity.ts';
import { PASSWORD_PROOF } from '../domain/factors.ts';
import type { Vault } from '../domain/vault.ts';
import type { LetInFailure } from '../use-cases/let-in.ts';
import type { FederatedLogin, IdentityProvider } from '../use-cases/ports.ts';
import type { Return, SignedInElsewhere } from '../use-cases/sign-in-elsewhere.ts';
import { cookieOf } from './cookies.ts';
import type { Asked, InteractionSteps } from './interaction.ts';
import { PROVIDER_UNKNOWN, providerProblem } from './person-problems.ts';
import { signInPage } from './web-pages.ts';

export interface FederationPorts {
  readonly providers: readonly IdentityProvider[];
  readonly https: boolean;
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  signIn(
    login: FederatedLogin,
    returned: Return,
    asked: Asked,
  ): Promise<Result<SignedInElsewhere, LetInFailure | CredentialFailure>>;
}

/** What a browser that was sent to another issuer comes back with, sealed. */
interface Pending extends PendingFederation {
  readonly provider: string;
}

const STATE_BYTES = 24;
/** As long as the interaction. */
const PENDING_SECONDS = 600;
const STATE = /^([A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{32}$/;

/**
 * Sign-in by another issuer. Whoever comes back must have begun here, in this browser and in this interaction: what was
 * asked for is in a sealed cookie that only the interaction's own addresses get, and names the `state` the answer must
 * have (OpenID Connect Core 1.0, section 15.5.2). So nobody is signed in as somebody else by a link.
 */
export function federationEndpoints(ports: FederationPorts, steps: InteractionSteps): readonly Endpoint[] {
  const name = ports.https ? '__Secure-florin_federation' : 'florin_federation';
  const attributes = `HttpOnly; SameSite=Lax${ports.https ? '; Secure' : ''}`;
  const cookie = (uid: string, value: string, seconds: number): string =>
    `${name}=${value}; Path=/interaction/${uid}; Max-Age=${seconds}; ${attributes}`;
  const find = (id: string) => {
    const found = ports.providers.find((one) => one.id === id);
    return found?.kind === 'redirect' ? found : undefined;
  };

  return [
    endpoint(beginFederation, (call) =>
      steps.run(call, async () => {
        const { uid, provider } = call.params;
        const found = find(provider);
        if (found === undefined) return problemReply({ ...PROVIDER_UNKNOWN, traceId: call.traceId });
        const begun = await found.login.begin(`${uid}.${randomBytes(STATE_BYTES).toString('base64url')}`);
        if (!begun.ok) return problemReply({ ...providerProblem(begun.failure), traceId: call.traceId });
        const { location, ...pending } = begun.value;
        const kept = cookie(uid, sealed(ports.vault, uid, { ...pending, provider }), PENDING_SECONDS);
        return { status: 200, body: { location }, headers: { 'set-cookie': kept } };
      }),
    ),
    // Cookies of the interaction are for its own addresses: the state says which, and is believed in nothing else.
    endpoint(federationCallback, ({ query }) => {
      const uid = STATE.exec(query.state ?? '')?.[1];
      if (uid === undefined) return to('/signed-out?reason=sign-in-failed');
      return to(`/interaction/${uid}/federated?${new URLSearchParams(query as Record<string, string>)}`);
    }),
    endpoint(finishFederation, (call) =>
      steps.run(call, async (interaction) => {
        const { uid } = call.params;
        const gone = cookie(uid, '', 0);
        const back = (code: string): Reply => to(`${signInPage(uid)}?problem=${code}`, gone);
        const pending = opened(ports.vault, uid, cookieOf(call.headers.cookie, name));
        const provider = pending && find(pending.provider);
        if (pending === undefined || provider === undefined) return back('sign-in-failed');
        const parameters = new URLSearchParams(call.query as Record<string, string>);
        const result = await ports.signIn(provider.login, { parameters, pending, interactionUid: uid }, call.caller);
        if (!result.ok)
          return back(result.failure.code === 'wrong-credentials' ? 'sign-in-failed' : result.failure.code);
        const { personId, credentialVersion, secondFactors, askedAtSeconds } = result.value;
        if (secondFactors.length > 0) return to(signInPage(uid), gone);
        const finished = await steps.finishAs(
          interaction,
          personId,
          { ...PASSWORD_PROOF, ...(askedAtSeconds !== undefined && { askedAtSeconds }) },
          steps.placeOf(call),
          credentialVersion,
        );
        // The cookie is worth nothing any more: its interaction is over.
        return onward(finished);
      }),
    ),
  ];
}

function to(location: string, cookie?: string): Reply {
  return { status: 303, headers: { location, ...(cookie === undefined ? {} : { 'set-cookie': cookie }) } };
}

/** A finished sign-in, for a browser that came by itself and not for a script that is told where to go. */
function onward(finished: Reply): Reply {
  const { location } = finished.body as { readonly location: string };
  return { status: 303, headers: { ...finished.headers, location } };
}

function sealed(vault: Pick<Vault, 'seal'>, uid: string, pending: Pending): string {
  return vault.seal(JSON.stringify(pending), contextOf(uid)).toString('base64url');
}

function opened(vault: Pick<Vault, 'open'>, uid: string, cookie: string | undefined): Pending | undefined {
  if (cookie === undefined) return undefined;
  try {
    return JSON.parse(vault.open(Buffer.from(cookie, 'base64url'), contextOf(uid)));
  } catch {
    // Made up, or of another interaction.
    return undefined;
  }
}

const contextOf = (uid: string): string => `federation|${uid}`;
