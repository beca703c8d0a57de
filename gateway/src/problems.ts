import { commonProblem, problemReply, type Reply } from '@florin/http';

/** Problems only the gateway answers with; the others are in the catalogue of `@florin/http`. */
export const GATEWAY_PROBLEMS = {
  'invalid-path': [400, 'Invalid path', 'The path of the address can be read in more than one way.'],
  'ambiguous-credentials': [
    400,
    'Ambiguous credentials',
    'Send one access token or one session cookie, not both and not several.',
  ],
  'csrf-refused': [
    403,
    'Not from our pages',
    'A change made with the session cookie must come from our own origin and carry the x-florin-csrf header.',
  ],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string, detail: string]>>;

export type GatewayProblem = keyof typeof GATEWAY_PROBLEMS;

/** Why a request goes no further. */
export interface Refusal {
  readonly code: GatewayProblem | Parameters<typeof commonProblem>[0];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a refused request, as RFC 9457 problem details. */
export function refusalReply(refusal: Refusal, traceId: string): Reply {
  const more = refusal.headers === undefined ? {} : { headers: refusal.headers };
  if (!isGatewayProblem(refusal.code)) return commonProblem(refusal.code, traceId, more);
  const [status, title, detail] = GATEWAY_PROBLEMS[refusal.code];
  return problemReply({ status, code: refusal.code, title, detail, traceId, ...more });
}

function isGatewayProblem(code: string): code is GatewayProblem {
  return Object.hasOwn(GATEWAY_PROBLEMS, code);
}
