import { Menu, UnstyledButton } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkMenuItem } from '../parts/links.tsx';
import { type Destination, TABS_MAX } from './navigation.ts';

/** The navigation of a phone, where the thumb is. */
export function TabBar({ destinations }: { readonly destinations: readonly Destination[] }) {
  const { t } = useTranslation();
  const isWhole = destinations.length <= TABS_MAX + 1;
  const tabs = isWhole ? destinations : destinations.slice(0, TABS_MAX);
  const rest = isWhole ? [] : destinations.slice(TABS_MAX);
  const { pathname } = useLocation();
  const isBehindMore = rest.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <nav className="tab-bar card" aria-label={t('mainNavigation')}>
      {tabs.map(({ to, label, icon: Icon, exact = false }) => (
        <Link key={to} to={to} activeOptions={{ exact }} className="tab">
          <Icon size={22} aria-hidden />
          <span>{label === 'send' ? t('sendShort') : t(label)}</span>
        </Link>
      ))}
      {rest.length > 0 && (
        <Menu position="top-end" withinPortal>
          <Menu.Target>
            <UnstyledButton className="tab" {...(isBehindMore && ACTIVE)}>
              <Ellipsis size={22} aria-hidden />
              <span>{t('more')}</span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map(({ to, label, icon: Icon }) => (
              <LinkMenuItem key={to} to={to} leftSection={<Icon size={18} aria-hidden />}>
                {t(label)}
              </LinkMenuItem>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  );
}

/** As the router marks a link that leads to where one is. */
const ACTIVE = { 'aria-current': 'page', 'data-status': 'active' } as const;
