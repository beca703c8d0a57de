import { Link, useLocation } from '@tanstack/react-router';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { MenuOnDemand } from '../parts/menu-on-demand.tsx';
import { MoreButton } from './more-button.tsx';
import { type Destination, TABS_MAX } from './navigation.ts';

const loadMore = () => import('./opened-more.tsx');
const OpenedMore = lazy(async () => ({ default: (await loadMore()).OpenedMore }));

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
        <MenuOnDemand load={loadMore} renderButton={(opening) => <MoreButton {...opening} isBehind={isBehindMore} />}>
          <OpenedMore destinations={rest} isBehind={isBehindMore} />
        </MenuOnDemand>
      )}
    </nav>
  );
}
