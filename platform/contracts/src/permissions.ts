import { ROLES, type Role } from './roles.ts';

/*
 * Who may do what, as data. A route names the permission it needs, or one for people's own things and one for those of
 * others, and any of them lets its caller in; which roles those are follows from this table and is written nowhere else.
 * To add a route: `access: { kind: 'signed-in', permissions: ['payees:read:own'] }`. A route that still says
 * `roles: [...]` is turned by naming the permission whose row in docs/reference/permissions.md has those roles; when
 * there is none, add it to PERMISSIONS with what it means and to the roles of GRANTS, and run `npm run generate`.
 */

/**
 * Everything that may be permitted, as `resource:action:scope`. Scope `own` is what belongs to the caller, which the
 * queries of the owning service see to, and `any` is everybody's. Between the two comes `branch`, for a bank that has
 * branches; this one has none.
 */
export const PERMISSIONS = {
  'profile:read:own': 'See who they are to the bank',
  'profile:change:own': 'Change their name',
  'sessions:read:own': 'See where they are signed in, and known',
  'sessions:end:own': 'Sign out elsewhere, and be forgotten there',
  'credentials:change:own': 'Change their password and their address',
  'consents:read:own': 'See what they allowed programs that are not the bank’s',
  'consents:revoke:own': 'Take back what they allowed such programs',
  'factors:read:own': 'See their second factors',
  'factors:change:own': 'Set up and remove their second factors',
  'products:read:any': 'See what accounts the bank offers',
  'accounts:read:own': 'See their accounts, history and statements',
  'accounts:open:own': 'Open an account',
  'accounts:change:own': 'Name their accounts',
  'accounts:freeze:own': 'Freeze their accounts, when a phone is lost',
  'accounts:close:own': 'Close their accounts',
  'transfers:make:own': 'Send money from their accounts',
  'transfers:read:own': 'See transfers that they made or received',
  'payees:read:own': 'See whom they pay',
  'payees:change:own': 'Change whom they pay',
  'standing-orders:read:own': 'See their standing orders',
  'standing-orders:change:own': 'Change their standing orders',
  'notifications:read:own': 'See and mark what the bank told them',
  'customers:read:any': 'Look customers up; their address, and for who may not disclose it their name, is masked',
  'customers:disclose:any': 'See customers’ names, and for a reason that goes on record their address',
  'accounts:find:any': 'Find an account by its IBAN',
  'accounts:read:any': 'See the accounts of customers',
  'accounts:change:any': 'Set limits of customers’ accounts; a higher one is asked for',
  'accounts:freeze:any': 'Freeze an account at once',
  'accounts:unfreeze:any': 'Ask that a freeze be lifted',
  'accounts:close:any': 'Ask that accounts of customers be closed',
  'transfers:read:any': 'See the transfers of customers',
  'transfers:reverse:any': 'Ask that a transfer be undone',
  'transfers:force-reversal:any': 'Undo a transfer although the money is gone, after another person was refused it',
  'cash:move:any': 'Take cash in and pay it out',
  'journals:read:any': 'Read the journals of the ledger',
  'ledger:read:any': 'Read the books as a whole',
  'ledger:reconcile:any': 'Have the books checked',
  'sagas:read:any': 'See work of several steps, and what is asked about it',
  'sagas:act:any': 'Ask for something to be done about such work, and decide what somebody else asked',
  'two-phase:read:any': 'See what is in doubt between shards',
  'dead-letters:read:any': 'See events that could not be taken in',
  'dead-letters:retry:any': 'Have such events taken in again',
  'service-health:read:any': 'See how the services are',
  'clients:change:any': 'Make programs that are not the bank’s known, and shut them out',
  'access:change:any': 'Keep people out, let them in again, and sign them out',
  'people:erase:any': 'Ask that a customer be erased who has no open account',
  'roles:change:any': 'Ask that roles be given to people or taken away',
  'account-approvals:read:any': 'See what is asked about accounts, and what became of it',
  'account-approvals:decide:any': 'Decide what somebody else asked about an account',
  'money-approvals:read:any': 'See what is asked about money, and what became of it',
  'money-approvals:decide:any': 'Decide what somebody else asked about money',
  'role-approvals:read:any': 'See what is asked about roles and about erasing people, and what became of it',
  'role-approvals:decide:any': 'Decide what somebody else asked about roles and about erasing people',
} as const satisfies Readonly<Record<`${string}:${string}:${'own' | 'branch' | 'any'}`, string>>;
export type Permission = keyof typeof PERMISSIONS;

const EVERYBODY = [
  'profile:read:own',
  'profile:change:own',
  'sessions:read:own',
  'sessions:end:own',
  'credentials:change:own',
  'consents:read:own',
  'consents:revoke:own',
  'factors:read:own',
  'factors:change:own',
] as const satisfies readonly Permission[];

/** What each role may do. What is not here is refused. */
export const GRANTS: Readonly<Record<Role, readonly Permission[]>> = {
  customer: [
    ...EVERYBODY,
    'products:read:any',
    'accounts:read:own',
    'accounts:open:own',
    'accounts:change:own',
    'accounts:freeze:own',
    'accounts:close:own',
    'transfers:make:own',
    'transfers:read:own',
    'payees:read:own',
    'payees:change:own',
    'standing-orders:read:own',
    'standing-orders:change:own',
    'notifications:read:own',
  ],
  teller: [
    ...EVERYBODY,
    'products:read:any',
    'customers:read:any',
    'customers:disclose:any',
    'accounts:find:any',
    'accounts:read:any',
    'accounts:change:any',
    'accounts:unfreeze:any',
    'accounts:close:any',
    'transfers:read:any',
    'transfers:reverse:any',
    'cash:move:any',
    'journals:read:any',
    'account-approvals:read:any',
    'money-approvals:read:any',
  ],
  supervisor: [
    ...EVERYBODY,
    'products:read:any',
    'customers:read:any',
    'customers:disclose:any',
    'accounts:find:any',
    'accounts:read:any',
    'transfers:read:any',
    'transfers:force-reversal:any',
    'journals:read:any',
    'ledger:read:any',
    'ledger:reconcile:any',
    'sagas:read:any',
    'sagas:act:any',
    'two-phase:read:any',
    'dead-letters:read:any',
    'dead-letters:retry:any',
    'service-health:read:any',
    'account-approvals:read:any',
    'account-approvals:decide:any',
    'money-approvals:read:any',
    'money-approvals:decide:any',
  ],
  'loan-officer': EVERYBODY,
  'credit-approver': EVERYBODY,
  'fraud-analyst': [
    ...EVERYBODY,
    'customers:read:any',
    'customers:disclose:any',
    'accounts:find:any',
    'accounts:freeze:any',
    'accounts:unfreeze:any',
    'account-approvals:read:any',
  ],
  auditor: [
    ...EVERYBODY,
    'products:read:any',
    'customers:read:any',
    'accounts:find:any',
    'accounts:read:any',
    'transfers:read:any',
    'journals:read:any',
    'ledger:read:any',
    'sagas:read:any',
    'two-phase:read:any',
    'service-health:read:any',
    'account-approvals:read:any',
    'money-approvals:read:any',
    'role-approvals:read:any',
  ],
  admin: [
    ...EVERYBODY,
    'dead-letters:read:any',
    'dead-letters:retry:any',
    'service-health:read:any',
    'roles:change:any',
    'clients:change:any',
    'access:change:any',
    'people:erase:any',
    'role-approvals:read:any',
    'role-approvals:decide:any',
  ],
};

const GRANTED = new Map<string, ReadonlySet<Permission>>(ROLES.map((role) => [role, new Set(GRANTS[role])]));

/** Whether one of the roles has one of the permissions. */
export function mayAny(roles: readonly string[], permissions: readonly Permission[]): boolean {
  return roles.some((role) => {
    const granted = GRANTED.get(role);
    return granted !== undefined && permissions.some((permission) => granted.has(permission));
  });
}

/** Everything that somebody of these roles may do. */
export function permissionsOf(roles: readonly string[]): ReadonlySet<Permission> {
  const [only = '', ...others] = roles;
  if (others.length === 0) return GRANTED.get(only) ?? NOTHING;
  return new Set(roles.flatMap((role) => [...(GRANTED.get(role) ?? NOTHING)]));
}

const NOTHING: ReadonlySet<Permission> = new Set();

/** The roles that have one of the permissions, in the order of `ROLES`. */
export function rolesThatMay(permissions: readonly Permission[]): Role[] {
  return ROLES.filter((role) => mayAny([role], permissions));
}

/**
 * Roles that nobody holds together: who makes does not check, who says who may do what touches no money, and who audits
 * only reads. As pairs.
 */
export const EXCLUSIVE_ROLES: readonly (readonly [Role, Role])[] = [
  ['teller', 'supervisor'],
  ['loan-officer', 'credit-approver'],
  ...exclusive('admin'),
  ...exclusive('auditor', 'admin'),
];

function exclusive(role: Role, ...except: readonly Role[]): (readonly [Role, Role])[] {
  return ROLES.filter((other) => other !== role && !except.includes(other)).map((other) => [role, other] as const);
}
