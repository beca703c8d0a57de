import type { Access, RouteContract, ServiceName, ThirdPartyScope } from '@florin/contracts';
import type { AnswerForm } from '@florin/http';

/** One row of the gateway's routing table. */
export interface GatewayRoute {
  /** Fastify's notation: `/v1/transfers/:id`. */
  readonly url: string;
  readonly methods: readonly string[];
  /** The pattern for logs and metrics, as in the contract. */
  readonly label: string;
  /** Undefined for what no service but the gateway itself answers. */
  readonly service: ServiceName | undefined;
  readonly access: Access;
  readonly thirdParty: ThirdPartyScope | undefined;
  /** Where one guesses passwords and codes: it has a limit of its own. */
  readonly isSignIn: boolean;
  /** `account`: reads the account in the parameter `id`; `all`: reads any of the caller's accounts. */
  readonly ownWrites: 'none' | 'account' | 'all';
  /** The issuer's own pages: cookies and client credentials go through, unrewritten, under the public host. */
  readonly isIdentity: boolean;
  /** How the service answers, and whether it may be asked again. */
  readonly answer: AnswerForm;
}

/** Server-sent events (WHATWG HTML, section 9.2). */
const EVENT_STREAM = 'text/event-stream';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Everything below these belongs to the issuer and the web sessions in the users service. */
const IDENTITY_ROOTS = ['/oidc', '/.well-known', '/interaction', '/session', '/federation'];

/** Where credentials are tried out: guessing is what the sign-in limit is for. */
const SIGN_IN_ROOTS = ['/interaction', '/oidc/token', '/oidc/par'];

/**
 * The routing table, from the contracts. An internal route is not in it, so no request can name one: what is not
 * listed is 404.
 */
export function routingTable(contracts: readonly RouteContract[]): GatewayRoute[] {
  const isListed = (contract: RouteContract) => contract.access.kind !== 'internal' && !isIdentityPath(contract.path);
  return [...contracts.filter(isListed).map(contractRow), ...IDENTITY_ROOTS.flatMap(identityRows)];
}

/** Whether a path belongs to the issuer, so a contract for it is documentation and not another row. */
function isIdentityPath(path: string): boolean {
  return IDENTITY_ROOTS.some((root) => path === root || path.startsWith(`${root}/`));
}

/** The row of one contract. */
export function contractRow(contract: RouteContract): GatewayRoute {
  return {
    url: contract.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    methods: contract.method === 'GET' ? ['GET', 'HEAD'] : [contract.method],
    label: contract.path,
    service: contract.service,
    access: contract.access,
    thirdParty: contract.thirdParty,
    isSignIn: isSignIn(contract),
    ownWrites: ownWritesOf(contract),
    isIdentity: false,
    answer: answerOf(contract),
  };
}

function answerOf({ media, method, idempotent }: RouteContract): AnswerForm {
  if (media?.includes(EVENT_STREAM) === true) return 'stream';
  return method === 'GET' || idempotent === true ? 'repeatable' : 'whole';
}

function isSignIn({ access, method }: RouteContract): boolean {
  // Whoever sends something before they are somebody signs up, or answers a mail: it is where one guesses.
  return access.kind === 'public' && method !== 'GET';
}

function ownWritesOf(contract: RouteContract): GatewayRoute['ownWrites'] {
  if (contract.service !== 'accounts' || contract.method !== 'GET') return 'none';
  // A stream tells of what comes, not of what has been.
  if (contract.media?.includes(EVENT_STREAM) === true) return 'none';
  return contract.path.startsWith('/v1/accounts/{id}') ? 'account' : 'all';
}

function identityRows(root: string): GatewayRoute[] {
  const urls = [root, `${root}/*`, ...SIGN_IN_ROOTS.filter((path) => path !== root && path.startsWith(root))];
  return urls.flatMap((url) => {
    const row = {
      url,
      label: url,
      service: 'users',
      access: PUBLIC,
      thirdParty: undefined,
      ownWrites: 'none',
      isIdentity: true,
      answer: 'whole',
    } as const;
    const rest: GatewayRoute = { ...row, methods: METHODS, isSignIn: false };
    if (!SIGN_IN_ROOTS.some((path) => url === path || url.startsWith(`${path}/`))) return [rest];
    const others = METHODS.filter((method) => method !== 'POST');
    return [
      { ...rest, methods: others },
      { ...rest, methods: ['POST'], isSignIn: true },
    ];
  });
}

const PUBLIC = { kind: 'public' } as const;

/** A page or document the gateway answers itself, for everyone. */
export function publicPage(url: string): GatewayRoute {
  return {
    url,
    methods: ['GET', 'HEAD'],
    label: url,
    service: undefined,
    access: PUBLIC,
    thirdParty: undefined,
    isSignIn: false,
    ownWrites: 'none',
    isIdentity: false,
    answer: 'whole',
  };
}

/** What a request is measured and logged under that matched no route. */
export const UNMATCHED: GatewayRoute = { ...publicPage('unmatched'), methods: [] };

/** Which methods a path takes, for the `Allow` header of 405; empty when there is no such path. */
export function methodsOf(routes: readonly GatewayRoute[], path: string): string[] {
  const steps = path.split('/');
  const taking = routes.filter((route) => takes(route.url.split('/'), steps));
  return [...new Set(taking.flatMap((route) => route.methods))].sort();
}

function takes(pattern: readonly string[], steps: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '*';
  if (isOpen ? steps.length < pattern.length : steps.length !== pattern.length) return false;
  return pattern.every((step, index) => {
    if (step === '*') return true;
    return step.startsWith(':') ? steps[index] !== '' : step === steps[index];
  });
}
