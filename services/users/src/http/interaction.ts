import type { IncomingMessage, ServerResponse } from 'node:http';
import { commonProblem, problemReply, type Reply, sendReply } from '@florin/http';
import { newTraceId, parseTraceparent } from '@florin/observability';
import { Fault, type Result } from '@florin/primitives';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import type { SignInFailure } from '../use-cases/sign-in.ts';
import type { SignUpFailure } from '../use-cases/sign-up.ts';
import { signInPage, signUpPage, tooLatePage } from './interaction-pages.ts';
import { formTargetsOf } from './oidc-pages.ts';
import { ACR_PASSWORD } from './oidc-provider.ts';
import type { Page } from './page.ts';
import { NAME_REFUSED, type PersonProblem, signInProblem, signUpProblem } from './person-problems.ts';
import { readForm } from './read-form.ts';

export interface InteractionPorts {
  readonly provider: Provider;
  readonly publicOrigin: string;
  clientName(clientId: string): string;
  signIn(
    typed: { readonly login: string; readonly password: string },
    traceId: string,
  ): Promise<Result<{ readonly personId: string }, SignInFailure>>;
  signUp(
    wanted: { readonly email: string; readonly password: string; readonly name: string },
    traceId: string,
  ): Promise<Result<{ readonly id: string }, SignUpFailure>>;
  /** Something nobody expected; for the log. */
  onDefect(error: unknown, traceId: string): void;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One request of an interaction, with everything its steps need. */
interface Step {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly interaction: Interaction;
  readonly traceId: string;
  /** A browser gets pages and redirects, a program gets JSON. */
  readonly wantsPage: boolean;
}

const PATH = /^\/interaction\/([A-Za-z0-9_-]{1,64})(\/sign-up|\/cancel)?\/?(?:\?|$)/;

/**
 * What a person does between `/oidc/auth` and the redirect back: sign in, or sign up and be signed in.
 *
 *     GET  /interaction/{uid}           what is asked                       page | {uid, prompt, client}
 *     POST /interaction/{uid}           {login, password}                   303  | {location}
 *     GET  /interaction/{uid}/sign-up   the form                            page
 *     POST /interaction/{uid}/sign-up   {email, password, name}             303  | {location}
 *     POST /interaction/{uid}/cancel    back to the client, empty-handed    303  | {location}
 *
 * An interaction belongs to the browser that began it: its cookie is bound to the path and signed.
 */
export function createInteractionHandler(ports: InteractionPorts) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const traceId = parseTraceparent(request.headers['traceparent'])?.traceId ?? newTraceId();
    answer(ports, request, response, traceId).catch((error: unknown) => {
      sendReply(request, response, describe(ports, error, traceId));
    });
  };
}

function describe(ports: InteractionPorts, error: unknown, traceId: string): Reply {
  if (error instanceof Fault && error.retryable) {
    const seconds = String(error.retryAfterSeconds ?? 1);
    return commonProblem('service-unavailable', traceId, { headers: { 'retry-after': seconds } });
  }
  ports.onDefect(error, traceId);
  return commonProblem('internal-error', traceId);
}

async function answer(
  ports: InteractionPorts,
  request: IncomingMessage,
  response: ServerResponse,
  traceId: string,
): Promise<void> {
  const match = PATH.exec(request.url ?? '');
  if (match === null) return sendReply(request, response, commonProblem('not-found', traceId));
  const [, uid, action = ''] = match;
  const wantsPage = prefersPage(request);
  const interaction = await findInteraction(ports.provider, request, response);
  if (interaction === undefined || interaction.uid !== uid) {
    return sendReply(request, response, wantsPage ? pageReply(404, tooLatePage()) : unknownInteraction(traceId));
  }
  const step: Step = { request, response, interaction, traceId, wantsPage };
  const methodAndAction = `${request.method} ${action}`;
  switch (methodAndAction) {
    case 'GET ':
      return show(ports, step);
    case 'GET /sign-up':
      return sendReply(request, response, pageReply(200, signUpPage({ uid, targets: targetsOf(interaction) })));
    case 'POST ':
    case 'POST /sign-up':
    case 'POST /cancel':
      return submit(ports, step, action);
    default:
      return sendReply(
        request,
        response,
        commonProblem('method-not-allowed', traceId, {
          headers: { allow: action === '/cancel' ? 'POST' : 'GET, POST' },
        }),
      );
  }
}

function show(ports: InteractionPorts, { request, response, interaction, wantsPage }: Step): void {
  const { uid } = interaction;
  const clientId = String(interaction.params['client_id'] ?? '');
  const client = { id: clientId, name: ports.clientName(clientId) };
  const targets = targetsOf(interaction);
  const reply = wantsPage
    ? pageReply(200, signInPage({ uid, clientName: client.name, login: loginHint(interaction), targets }))
    : { status: 200, body: { uid, prompt: interaction.prompt.name, client } };
  sendReply(request, response, reply);
}

async function submit(ports: InteractionPorts, step: Step, action: string): Promise<void> {
  const { request, response, interaction, traceId } = step;
  // The cookie is SameSite=Lax already; a browser that names another origin is stopped here too.
  const origin = request.headers.origin;
  if (origin !== undefined && origin !== ports.publicOrigin) {
    return sendReply(request, response, commonProblem('forbidden', traceId));
  }
  if (action === '/cancel') {
    return finish(ports, step, { error: 'access_denied', error_description: 'the person cancelled the sign-in' });
  }
  const form = await readForm(request);
  if (!form.ok) return sendReply(request, response, commonProblem(form.failure.code, traceId));
  const { value: fields } = form;
  if (action === '/sign-up') {
    const wanted = { email: fields['email'] ?? '', password: fields['password'] ?? '', name: fields['name'] ?? '' };
    const problem = await trySignUp(ports, step, wanted);
    if (problem === undefined) return;
    const page = signUpPage({
      uid: interaction.uid,
      targets: targetsOf(interaction),
      problem: problem.detail,
      email: wanted.email,
      name: wanted.name,
    });
    return refuse(step, problem, page);
  }
  const typed = { login: fields['login'] ?? '', password: fields['password'] ?? '' };
  const result = await ports.signIn(typed, traceId);
  if (result.ok) return finishAs(ports, step, result.value.personId);
  const problem = signInProblem(result.failure);
  const page = signInPage({
    uid: interaction.uid,
    clientName: ports.clientName(String(interaction.params['client_id'] ?? '')),
    login: typed.login,
    targets: targetsOf(interaction),
    problem: problem.detail,
  });
  return refuse(step, problem, page);
}

async function trySignUp(
  ports: InteractionPorts,
  step: Step,
  wanted: { readonly email: string; readonly password: string; readonly name: string },
): Promise<PersonProblem | undefined> {
  if (!PERSON_NAME.test(wanted.name.trim())) return NAME_REFUSED;
  const result = await ports.signUp(wanted, step.traceId);
  if (!result.ok) return signUpProblem(result.failure);
  await finishAs(ports, step, result.value.id);
  return undefined;
}

function refuse(step: Step, problem: PersonProblem, page: Page): void {
  const reply = step.wantsPage
    ? withHeaders(pageReply(problem.status, page), problem.headers)
    : problemReply({ ...problem, traceId: step.traceId });
  sendReply(step.request, step.response, reply);
}

/** As in the contract of `POST /v1/users`: 1 to 120 characters, none of them a control character. */
const PERSON_NAME = /^[^\p{Cc}\u2028\u2029]{1,120}$/u;

function finishAs(ports: InteractionPorts, step: Step, personId: string): Promise<void> {
  return finish(ports, step, { login: { accountId: personId, acr: ACR_PASSWORD, amr: ['pwd'] } });
}

/**
 * Stores the result and says where to go on. Whoever was signed in at the issuer in this browser before is let go:
 * the provider would otherwise ask to sign them out first when someone else signs in.
 */
async function finish(ports: InteractionPorts, step: Step, result: InteractionResults): Promise<void> {
  const { request, response, interaction } = step;
  interaction.result = result;
  if (interaction.session !== undefined && interaction.session.accountId !== result.login?.accountId) {
    const cookie = interaction.session.cookie;
    if (cookie !== undefined) await ports.provider.Session.adapter.destroy(cookie);
    delete interaction.session;
  }
  await interaction.persist();
  const location = interaction.returnTo;
  sendReply(
    request,
    response,
    step.wantsPage ? { status: 303, headers: { location } } : { status: 200, body: { location } },
  );
}

/** Undefined when the cookie is absent or another's, or the interaction is over. */
async function findInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(request, response);
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

function unknownInteraction(traceId: string): Reply {
  return commonProblem('not-found', traceId, {
    detail: 'There is no such interaction in this browser, or it took longer than ten minutes. Begin again.',
  });
}

/** Whoever takes HTML gets pages; so does a form whose sender did not ask for JSON, which is a browser's. */
function prefersPage({ headers }: IncomingMessage): boolean {
  const accept = headers.accept ?? '';
  if (accept.includes('text/html')) return true;
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return isForm && !accept.includes('application/json');
}

function pageReply(status: number, { html, headers }: Page): Reply {
  const {
    'content-type': contentType = 'text/html',
    'cache-control': _,
    'x-content-type-options': __,
    ...rest
  } = headers;
  return { status, text: html, contentType, headers: rest };
}

function targetsOf(interaction: Interaction): string[] {
  return formTargetsOf(String(interaction.params['redirect_uri'] ?? ''));
}

function loginHint(interaction: Interaction): string {
  const hint = interaction.params['login_hint'];
  return typeof hint === 'string' ? hint : '';
}

function withHeaders(reply: Reply, headers: Readonly<Record<string, string>> | undefined): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
