import type { Role } from '@florin/sdk';
import type { LinkProps } from '@tanstack/react-router';
import {
  ArrowLeftRight,
  BookOpen,
  CalendarClock,
  Handshake,
  HeartPulse,
  Hourglass,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  MailWarning,
  Scale,
  Send,
  UserRound,
  Users,
  Wallet,
  Waypoints,
} from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** One entry of a navigation. */
export interface Destination {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: 'overview' | 'accounts' | 'send' | 'payees' | 'standingOrders' | 'profile' | StaffLabel;
  readonly icon: LucideIcon;
  /** Only the very address is active, not what lies below it. */
  readonly exact?: boolean;
  /** What stands beside it, fetched after the page. */
  readonly count?: LazyExoticComponent<ComponentType>;
  /** Who sees it; everyone in this part of the bank when absent. */
  readonly roles?: readonly Role[];
}

type StaffLabel =
  | 'staffStart'
  | 'staffCustomers'
  | 'staffCash'
  | 'staffLedger'
  | 'staffJournals'
  | 'staffSagas'
  | 'staffApprovals'
  | 'staffRequests'
  | 'staffInDoubt'
  | 'staffDeadLetters'
  | 'staffHealth';

/** What customers do here, the most frequent first; the first four are the tabs of a phone. */
export const CUSTOMER_DESTINATIONS: readonly Destination[] = [
  { to: '/', label: 'overview', icon: LayoutDashboard, exact: true },
  { to: '/accounts', label: 'accounts', icon: Wallet },
  { to: '/send', label: 'send', icon: Send },
  { to: '/payees', label: 'payees', icon: Users },
  { to: '/standing-orders', label: 'standingOrders', icon: CalendarClock },
  { to: '/profile', label: 'profile', icon: UserRound },
];

/** What staff do here, by role. */
export const STAFF_DESTINATIONS: readonly Destination[] = [
  { to: '/staff', label: 'staffStart', icon: LayoutDashboard, exact: true },
  {
    to: '/staff/customers',
    label: 'staffCustomers',
    icon: Users,
    roles: ['teller', 'supervisor', 'auditor', 'fraud-analyst'],
  },
  { to: '/staff/cash', label: 'staffCash', icon: ArrowLeftRight, roles: ['teller'] },
  { to: '/staff/journals', label: 'staffJournals', icon: BookOpen, roles: ['teller', 'supervisor', 'auditor'] },
  { to: '/staff/ledger', label: 'staffLedger', icon: Scale, roles: ['supervisor', 'auditor'] },
  { to: '/staff/sagas', label: 'staffSagas', icon: Waypoints, roles: ['supervisor', 'auditor'] },
  {
    to: '/staff/approvals',
    label: 'staffApprovals',
    icon: ListChecks,
    roles: ['supervisor', 'auditor'],
    count: lazy(() =>
      import('../pages/staff/sagas/approvals-count.tsx').then((part) => ({ default: part.ApprovalsCount })),
    ),
  },
  {
    to: '/staff/requests',
    label: 'staffRequests',
    icon: Handshake,
    roles: ['teller', 'supervisor', 'fraud-analyst', 'auditor', 'admin'],
  },
  { to: '/staff/in-doubt', label: 'staffInDoubt', icon: Hourglass, roles: ['supervisor', 'auditor'] },
  { to: '/staff/dead-letters', label: 'staffDeadLetters', icon: MailWarning, roles: ['supervisor', 'admin'] },
  { to: '/staff/health', label: 'staffHealth', icon: HeartPulse, roles: ['supervisor', 'admin', 'auditor'] },
];

/** The tabs at the foot of a phone's screen; the rest is behind the last one. */
export const TABS_MAX = 4;

/** The entries a person may use. */
export function destinationsFor(all: readonly Destination[], roles: readonly Role[]): Destination[] {
  return all.filter((one) => one.roles === undefined || one.roles.some((role) => roles.includes(role)));
}
