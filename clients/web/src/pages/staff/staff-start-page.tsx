import { SimpleGrid, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';
import { useUser } from '../../session/use-bank.ts';
import { destinationsFor, STAFF_DESTINATIONS } from '../../shell/navigation.ts';

/** What this member of staff may do, as a page of doors. */
export function StaffStartPage() {
  const { t } = useTranslation();
  const { name, roles } = useUser();
  const doors = destinationsFor(STAFF_DESTINATIONS, roles).filter((one) => one.to !== '/staff');
  return (
    <Page title={t('staffConsole')} lead={name}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {doors.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} className="card account-card door">
            <Icon size={24} aria-hidden />
            <Text fw={600}>{t(label)}</Text>
          </Link>
        ))}
      </SimpleGrid>
    </Page>
  );
}
