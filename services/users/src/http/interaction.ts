import { type IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import {
  cancelSignIn,
  getInteraction,
  getInteractionSignUp,
  giveConsent,
  type InteractionAnswer,
  type SignUpRequest,
  submitSignIn,
  submitSignUp,
} from '@florin/contracts';
import { type Caller, commonProblem, type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import type { Result } from '@florin/primitives';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import { ACR_TWO_FACTORS, PASSWORD_PROOF, type Proof, type SecondFactor } from '../domain/factors.ts';
import { KNOWN_DEVICE_DAYS } from '../domain/known-devices.ts';
import type { SignInPlace } from '../use-cases/second-step.ts';
import type { PasswordAccepted } from '../use-cases/sign-in.ts';
import type { DirectoryFailure } from '../use-cases/sign-in-by-directory.ts';
import type { SignUpFailure } from '../use-cases/sign-up.ts';
import { presentWanted } from './consents.ts';
import { cookieOf, knownDeviceCookie } from './cookies.ts';
import { CONSENT_PROMPT, CREATE_PROMPT, PASSWORD_VERSION } from './oidc-provider.ts';
import { INTERACTION_UNKNOWN, PROVIDER_UNKNOWN, signInProblem, signUpProblem } from './person-problems.ts';
import { wantedConsent } from './third-party-requests.ts';
import { consentPage, SIGN_IN_FAILED_PAGE, SIGN_IN_START, signInPage, signUpPage, wantsPage } from './web-pages.ts';

/** Under which trace, and where from: of somebody who is not signed in yet there is no more to know. */
export type Asked = Pick<Caller, 'traceId' | 'origin'>;

export interface InteractionPorts {
  /** The one of the moment. */
  readonly issuer: { readonly provider: Provider };
  readonly publicOrigin: string;
  readonly https: boolean;
  /** With a password of this bank, or with that of somebody else who knows people; undefined when there is nobody such. */
  signIn(
    typed: { readonly login: string; readonly password: string; readonly provider?: string },
    place: SignInPlace,
    asked: Asked,
  ): Promise<Result<PasswordAccepted, DirectoryFailure> | undefined>;
  readonly providers: InteractionAnswer['providers'];
  /** What a sign-in under way waits for; empty while it waits for a password. */
  findAwaited(uid: string): Promise<readonly SecondFactor[]>;
  /** The cookie that makes this browser known to who just signed in. */
  makeKnown(
    browser: { readonly cookie: string | undefined; readonly userAgent: string | undefined },
    personId: string,
  ): Promise<string>;
  signUp(wanted: SignUpRequest, asked: Asked): Promise<Result<{ readonly id: string }, SignUpFailure>>;
}

/** How the parts of a sign-in take hold of its interaction, and end it. */
export interface InteractionSteps {
  /** Runs a step that changes something, in an interaction of this browser. */
  run(call: StepCall, step: (interaction: Interaction) => Promise<Reply>): Promise<Reply>;
  placeOf(call: StepCall): SignInPlace;
  /** Completes a sign-in. `passwordVersion` is of the password that was right, where one was asked for. */
  finishAs(
    interaction: Interaction,
    personId: string,
    proof: Proof,
    place: SignInPlace,
    passwordVersion?: number,
  ): Promise<Reply>;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** A name, an address and a password fit many times over. */
const BODY_LIMIT = { bodyLimitBytes: 8 * 1024 };
const DAY_SECONDS = 24 * 60 * 60;

/** The steps of the interactions of a provider. An interaction belongs to the browser that began it, by a signed cookie. */
export function interactionSteps(ports: InteractionPorts): InteractionSteps {
  const { issuer } = ports;
  const deviceCookie = knownDeviceCookie(ports.https);
  return {
    async run({ params, headers, traceId }, step) {
      // The cookie is SameSite=Lax already; a browser that names another origin is stopped here too.
      const { origin } = headers;
      if (origin !== undefined && origin !== ports.publicOrigin) return commonProblem('forbidden', traceId);
      const interaction = await findInteraction(issuer.provider, headers, params.uid);
      return interaction === undefined ? problemReply({ ...INTERACTION_UNKNOWN, traceId }) : step(interaction);
    },
    placeOf: ({ params, headers }) => ({
      interactionUid: params.uid,
      deviceCookie: cookieOf(headers.cookie, deviceCookie),
      userAgent: headers['user-agent'],
    }),
    async finishAs(interaction, personId, proof, place, passwordVersion) {
      if (!meets(interaction, proof)) return finish(issuer.provider, interaction, UNMET);
      const at = proof.askedAtSeconds === undefined ? {} : { ts: proof.askedAtSeconds };
      const login = { accountId: personId, acr: proof.acr, amr: [...proof.amr], ...at };
      // A prompt counts as answered when the result names it; whoever was shown the sign-up page may have signed in instead.
      const answered = interaction.prompt.name === CREATE_PROMPT ? { create: {} } : {};
      const version = passwordVersion === undefined ? {} : { [PASSWORD_VERSION]: passwordVersion };
      const reply = await finish(issuer.provider, interaction, { login, ...answered, ...version });
      const known = await ports.makeKnown({ cookie: place.deviceCookie, userAgent: place.userAgent }, personId);
      const attributes = `Path=/interaction; HttpOnly; SameSite=Lax${ports.https ? '; Secure' : ''}`;
      const lifetime = KNOWN_DEVICE_DAYS * DAY_SECONDS;
      return { ...reply, headers: { 'set-cookie': `${deviceCookie}=${known}; Max-Age=${lifetime}; ${attributes}` } };
    },
  };
}

/**
 * What a person does between `/oidc/auth` and the redirect back: sign in, or sign up and be signed in. The web client
 * draws the pages and talks to these; a browser that comes here by a redirect is sent on to the page.
 */
export function interactionEndpoints(ports: InteractionPorts, steps: InteractionSteps): readonly Endpoint[] {
  return [
    endpoint(getInteraction, (call) => show(ports, call, ({ prompt, uid }) => pageOf(prompt.name)(uid))),
    endpoint(getInteractionSignUp, (call) => show(ports, call, ({ uid }) => signUpPage(uid))),
    endpoint(
      submitSignIn,
      (call) =>
        steps.run(call, async (interaction) => {
          const place = steps.placeOf(call);
          const result = await ports.signIn(call.body, place, call.caller);
          if (result === undefined) return problemReply({ ...PROVIDER_UNKNOWN, traceId: call.traceId });
          if (!result.ok) return problemReply({ ...signInProblem(result.failure), traceId: call.traceId });
          const { personId, credentialVersion, secondFactors } = result.value;
          if (secondFactors.length > 0) return { status: 202, body: { secondFactors } };
          return steps.finishAs(interaction, personId, PASSWORD_PROOF, place, credentialVersion);
        }),
      BODY_LIMIT,
    ),
    endpoint(
      submitSignUp,
      (call) =>
        steps.run(call, async (interaction) => {
          const result = await ports.signUp(call.body, call.caller);
          if (!result.ok) return problemReply({ ...signUpProblem(result.failure), traceId: call.traceId });
          return steps.finishAs(interaction, result.value.id, PASSWORD_PROOF, steps.placeOf(call));
        }),
      BODY_LIMIT,
    ),
    endpoint(giveConsent, (call) =>
      steps.run(call, async (interaction) => {
        // Only what was asked here and now is answered; who it is was settled in the step before.
        const login = interaction.lastSubmission?.login;
        if (interaction.prompt.name !== CONSENT_PROMPT || login === undefined) {
          return problemReply({ ...INTERACTION_UNKNOWN, traceId: call.traceId });
        }
        return finish(ports.issuer.provider, interaction, { ...interaction.lastSubmission, consent: {} });
      }),
    ),
    endpoint(cancelSignIn, (call) =>
      steps.run(call, (interaction) =>
        finish(ports.issuer.provider, interaction, {
          error: 'access_denied',
          error_description: 'the person cancelled the sign-in',
        }),
      ),
    ),
  ];
}

/** Unmet Authentication Requirements 1.0: who asked for two factors is told when there are not two. */
const UNMET: InteractionResults = {
  error: 'unmet_authentication_requirements',
  error_description: 'this person has no second factor set up',
};

/** Whether a sign-in is what was asked for with `acr_values`; two factors are more than one. */
function meets({ params }: Interaction, { acr }: Proof): boolean {
  const wanted = params['acr_values'];
  return typeof wanted !== 'string' || acr === ACR_TWO_FACTORS || wanted.split(' ').includes(acr);
}

interface StepCall {
  readonly params: { readonly uid: string };
  readonly headers: IncomingHttpHeaders;
  readonly traceId: string;
  readonly caller: Asked;
}

function pageOf(prompt: string): (uid: string) => string {
  if (prompt === CONSENT_PROMPT) return consentPage;
  return prompt === CREATE_PROMPT ? signUpPage : signInPage;
}

async function show(
  ports: InteractionPorts,
  { params, headers, traceId }: StepCall,
  pageOfStep: (interaction: Interaction) => string,
): Promise<Reply> {
  const { provider } = ports.issuer;
  const interaction = await findInteraction(provider, headers, params.uid);
  if (interaction === undefined) {
    if (!wantsPage(headers)) return problemReply({ ...INTERACTION_UNKNOWN, traceId });
    return redirect((await mayBeginAgain(provider, headers, params.uid)) ? SIGN_IN_START : SIGN_IN_FAILED_PAGE);
  }
  if (wantsPage(headers)) return redirect(pageOfStep(interaction));
  return { status: 200, body: await presentInteraction(ports, interaction) };
}

async function presentInteraction(ports: InteractionPorts, interaction: Interaction): Promise<InteractionAnswer> {
  const { params, prompt, uid } = interaction;
  const clientId = String(params['client_id']);
  const client = await ports.issuer.provider.Client.find(clientId);
  return {
    uid,
    prompt: prompt.name === CREATE_PROMPT || prompt.name === CONSENT_PROMPT ? prompt.name : 'login',
    client: { id: clientId, name: client?.clientName ?? clientId },
    login: loginHint(interaction) ?? null,
    secondFactors: [...(await ports.findAwaited(uid))],
    providers: [...ports.providers],
    consent: prompt.name === CONSENT_PROMPT ? presentWanted(wantedConsent(client, params)) : null,
  };
}

function redirect(location: string): Reply {
  return { status: 303, headers: { location } };
}

/**
 * Whether a browser without an interaction of its own may be sent to the start by itself. A new sign-in leads back here,
 * and a browser that keeps no cookies would arrive without one for ever: so it must have shown that it keeps them, or
 * the interaction must be over, which the next one is not.
 */
async function mayBeginAgain(provider: Provider, headers: IncomingHttpHeaders, uid: string): Promise<boolean> {
  if (cookieOf(headers.cookie, provider.cookieName('interaction')) !== undefined) return true;
  return (await provider.Interaction.find(uid)) === undefined;
}

/**
 * Stores the result and says where to go on. Whoever was signed in at the issuer in this browser before is let go:
 * the provider would otherwise ask to sign them out first when someone else signs in.
 */
async function finish(provider: Provider, interaction: Interaction, result: InteractionResults): Promise<Reply> {
  interaction.result = result;
  if (interaction.session !== undefined && interaction.session.accountId !== result.login?.accountId) {
    const cookie = interaction.session.cookie;
    if (cookie !== undefined) await provider.Session.adapter.destroy(cookie);
    delete interaction.session;
  }
  await interaction.persist();
  return { status: 200, body: { location: interaction.returnTo } };
}

/**
 * The interaction of this browser under this id; undefined when the cookie is absent or another's, or it is over. The
 * provider reads its signed cookie from a request of Node's, so it gets one that has nothing else.
 */
async function findInteraction(
  provider: Provider,
  { cookie }: IncomingHttpHeaders,
  uid: string,
): Promise<Interaction | undefined> {
  if (cookie === undefined) return undefined;
  const request = new IncomingMessage(new Socket());
  request.headers.cookie = cookie;
  try {
    const interaction = await provider.interactionDetails(request, new ServerResponse(request));
    return interaction.uid === uid ? interaction : undefined;
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

/** The longest login name there is; a longer hint is no name and fills in nothing. */
const LOGIN_LENGTH_MAX = 254;

function loginHint({ params }: Interaction): string | undefined {
  const hint = params['login_hint'];
  return typeof hint === 'string' && hint.length <= LOGIN_LENGTH_MAX ? hint : undefined;
}
