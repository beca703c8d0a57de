import { AppShell, Group, NavLink, Stack } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveChanges } from '../live/use-live-changes.ts';
import { useHasRole, useUser } from '../session/use-bank.ts';
import { Bell } from './bell.tsx';
import { Logo } from './logo.tsx';
import { type Destination, destinationsFor } from './navigation.ts';
import { OfflineNotice } from './offline-notice.tsx';
import { TabBar } from './tab-bar.tsx';
import { useContentFocus } from './use-content-focus.ts';
import { UserMenu } from './user-menu.tsx';

const NAVIGATION_WIDTH = 240;
const HEADER_HEIGHT = 60;
const CONTENT_ID = 'content';

/** The frame of every page of someone who is signed in: navigation beside it, or at the foot of a phone's screen. */
export function AppFrame({ destinations }: { readonly destinations: readonly Destination[] }) {
  const { t } = useTranslation();
  const { roles } = useUser();
  useLiveChanges();
  useContentFocus(CONTENT_ID);
  const shown = destinationsFor(destinations, roles);
  return (
    <AppShell
      header={{ height: HEADER_HEIGHT }}
      navbar={{ width: NAVIGATION_WIDTH, breakpoint: 'sm', collapsed: { mobile: true } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href={`#${CONTENT_ID}`} className="skip-link">
        {t('skipToContent')}
      </a>
      <AppShell.Header className="card frame-edge">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Logo />
          <Group gap="xs" wrap="nowrap">
            {useHasRole('customer') && <Bell />}
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className="card frame-edge" aria-label={t('mainNavigation')} visibleFrom="sm">
        <Stack gap={4}>
          {shown.map((destination) => (
            <SideLink key={destination.to} destination={destination} />
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id={CONTENT_ID} tabIndex={-1} className="frame-main">
        <div className="frame-content">
          <OfflineNotice />
          <Outlet />
        </div>
      </AppShell.Main>
      <TabBar destinations={shown} />
    </AppShell>
  );
}

function SideLink({ destination }: { readonly destination: Destination }) {
  const { t } = useTranslation();
  const { to, label, icon: Icon, exact = false, count: Count } = destination;
  return (
    <Link to={to} activeOptions={{ exact }} className="quiet-link">
      {({ isActive }) => (
        <NavLink
          component="span"
          active={isActive}
          label={t(label)}
          leftSection={<Icon size={20} aria-hidden />}
          rightSection={
            Count && (
              <Suspense>
                <Count />
              </Suspense>
            )
          }
          className="side-link"
        />
      )}
    </Link>
  );
}
