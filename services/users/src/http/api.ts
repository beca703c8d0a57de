import {
  endMySession,
  getHolder,
  getMe,
  listMySessions,
  listRevocations,
  registerUser,
  setUserLogin,
  setUserRoles,
  signUp as signUpRoute,
  type User,
  updateMe,
} from '@florin/contracts';
import { type Caller, commonProblem, type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import type { Result } from '@florin/primitives';
import type { Principal } from '@florin/security';
import type { Actor, Person, SignIn } from '../domain/person.ts';
import type { Revocation } from '../domain/revocation.ts';
import type { RolesFailure } from '../domain/roles.ts';
import type { ChangeRolesFailure, RolesChange } from '../use-cases/change-roles.ts';
import type { Registration, SignUp, SignUpFailure } from '../use-cases/sign-up.ts';
import {
  LOGIN_TAKEN,
  registrationProblem,
  rolesProblem,
  SESSION_UNKNOWN,
  signUpProblem,
  USER_UNKNOWN,
} from './person-problems.ts';
import { type RolePorts, roleEndpoints } from './role-endpoints.ts';

export interface ApiPorts extends RolePorts {
  signUp(wanted: SignUp, asked: Pick<Caller, 'traceId' | 'origin'>): Promise<Result<Person, SignUpFailure>>;
  register(wanted: Registration, actor: Actor): Promise<Result<Person, SignUpFailure | RolesFailure>>;
  readHolder(personId: string): Promise<{ readonly name: string; readonly isCustomer: boolean } | undefined>;
  readProfile(personId: string): Promise<Person | undefined>;
  rename(actor: Actor, name: string): Promise<Person | undefined>;
  listSignIns(personId: string): Promise<readonly SignIn[]>;
  endSignIn(actor: Actor, signInId: string): Promise<boolean>;
  changeRoles(
    actor: Actor,
    personId: string,
    change: RolesChange,
  ): Promise<Result<readonly string[], ChangeRolesFailure>>;
  listRevocations(cursor: bigint): Promise<{
    readonly revocations: readonly Revocation[];
    readonly nextCursor: bigint | undefined;
  }>;
  giveLogin(actor: Actor, personId: string, login: string): Promise<'set' | 'unknown' | 'taken'>;
  clientName(clientId: string): string;
}

/** People and their sign-ins, as the public and the internal API show them. */
export function apiEndpoints(ports: ApiPorts): readonly Endpoint[] {
  const profile = (person: Person | undefined, traceId: string): Reply =>
    // The token outlived the person: whoever it was may do nothing here any more.
    person === undefined ? commonProblem('unauthenticated', traceId) : { status: 200, body: presentUser(person) };

  const roles = async (caller: Caller, personId: string, change: RolesChange) => {
    const result = await ports.changeRoles(caller, personId, change);
    if (!result.ok) return problemReply({ ...rolesProblem(result.failure), traceId: caller.traceId });
    return { status: 200, body: { id: personId, roles: result.value } };
  };

  return [
    endpoint(signUpRoute, async ({ body, caller, traceId }) => {
      const result = await ports.signUp(body, caller);
      if (!result.ok) return problemReply({ ...signUpProblem(result.failure), traceId });
      return { status: 201, body: presentUser(result.value) };
    }),
    endpoint(getMe, async ({ principal, traceId }) => profile(await ports.readProfile(principal.subject), traceId)),
    endpoint(updateMe, async ({ caller, body, traceId }) => profile(await ports.rename(caller, body.name), traceId)),
    endpoint(listMySessions, async ({ principal }) => {
      const signIns = await ports.listSignIns(principal.subject);
      return {
        status: 200,
        body: { data: signIns.map((one) => presentSignIn(one, principal, ports)), nextCursor: null },
      };
    }),
    endpoint(endMySession, async ({ caller, params, traceId }) => {
      const ended = await ports.endSignIn(caller, params.id);
      return ended ? { status: 204 } : problemReply({ ...SESSION_UNKNOWN, traceId });
    }),
    ...roleEndpoints(ports),
    endpoint(registerUser, async ({ caller, body, traceId }) => {
      const result = await ports.register(body, caller);
      if (!result.ok) return problemReply({ ...registrationProblem(result.failure), traceId });
      return { status: 201, body: presentUser(result.value) };
    }),
    endpoint(getHolder, async ({ params, traceId }) => {
      const holder = await ports.readHolder(params.id);
      return holder === undefined ? problemReply({ ...USER_UNKNOWN, traceId }) : { status: 200, body: holder };
    }),
    endpoint(setUserRoles, (call) => roles(call.caller, call.params.id, { kind: 'set', roles: call.body.roles })),
    endpoint(setUserLogin, async ({ caller, params, body, traceId }) => {
      const outcome = await ports.giveLogin(caller, params.id, body.login);
      if (outcome === 'set') return { status: 204 };
      return problemReply({ ...(outcome === 'taken' ? LOGIN_TAKEN : USER_UNKNOWN), traceId });
    }),
    endpoint(listRevocations, async ({ query }) => {
      const { revocations, nextCursor } = await ports.listRevocations(BigInt(query.cursor ?? 0));
      return { status: 200, body: { data: revocations, nextCursor: nextCursor?.toString() ?? null } };
    }),
  ];
}

export function presentUser(person: Person): User {
  return {
    id: person.id,
    email: person.email,
    emailConfirmed: person.emailConfirmed,
    name: person.name,
    roles: person.roles as User['roles'],
    registeredAt: new Date(person.registeredAtMs).toISOString(),
  };
}

function presentSignIn(signIn: SignIn, principal: Principal, ports: ApiPorts) {
  return {
    id: signIn.id,
    clientId: signIn.clientId,
    clientName: ports.clientName(signIn.clientId),
    startedAt: new Date(signIn.startedAtMs).toISOString(),
    expiresAt: new Date(signIn.expiresAtMs).toISOString(),
    lastSeenAt: new Date(signIn.lastSeenAtMs).toISOString(),
    device: signIn.device ?? null,
    current: signIn.id === principal.sessionId,
  };
}
