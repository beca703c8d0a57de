import {
  bankRoutes,
  EXCLUSIVE_ROLES,
  gatewayRoutes,
  mayAny,
  PERMISSIONS,
  type Permission,
  ROLES,
  type RouteContract,
} from '@florin/contracts';
import { code, GENERATED, page, table } from './markdown.ts';

const ROUTES: readonly RouteContract[] = [...bankRoutes, ...gatewayRoutes];
const ALL = Object.keys(PERMISSIONS) as Permission[];

/** The page about permissions: what each is, which roles have it and which operations ask for it. */
export function permissionsPage(): string {
  return page(
    '# Permissions',
    GENERATED,
    'Whoever calls an operation that needs a sign-in needs one of the permissions it names (`x-permission` in the ' +
      '[OpenAPI document](openapi.json)), and has those of their roles. All else is refused with `forbidden`, by the gateway ' +
      'and once more by the service. A permission is `resource:action:scope`: `own` is what belongs to the caller, which the ' +
      'queries of the service see to, and `any` is everybody’s. Nobody acts as staff on what is their own.',
    '## By role',
    table(
      ['permission', ...ROLES],
      ALL.map((permission) => [code(permission), ...ROLES.map((role) => (mayAny([role], [permission]) ? '●' : ''))]),
    ),
    '## By operation',
    table(
      ['permission', 'meaning', 'operations'],
      ALL.map((permission) => [code(permission), PERMISSIONS[permission], operationsOf(permission)]),
    ),
    '## Roles that nobody holds together',
    'Who makes does not check, who says who may do what touches no money, and who audits only reads. Giving somebody both is ' +
      'refused with `roles-conflict`.',
    table(['one', 'and the other'], EXCLUSIVE_ROLES),
  );
}

function operationsOf(permission: Permission): string {
  return ROUTES.filter(({ access }) => access.kind === 'signed-in' && access.permissions.includes(permission))
    .map(({ operationId }) => operationId)
    .join(', ');
}

/**
 * The operations that nobody's permission decides about: signed-in ones that name none, or one that is not in the table.
 * The types refuse both; this is for contracts that were made without them.
 */
export function undecidedOperations(routes: readonly RouteContract[]): string[] {
  return routes.filter((route) => !isDecided(route)).map(({ operationId }) => operationId);
}

function isDecided({ access }: RouteContract): boolean {
  if (access.kind !== 'signed-in') return access.kind === 'public' || access.kind === 'internal';
  const named: readonly string[] = access.permissions ?? [];
  return named.length > 0 && named.every((permission) => Object.hasOwn(PERMISSIONS, permission));
}
