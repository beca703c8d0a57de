import './staff.css';
import { Paper, SimpleGrid, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Nothing } from '../../parts/data-region.tsx';
import { Page } from '../../parts/page.tsx';
import { useHasRole, useUser } from '../../session/use-bank.ts';
import { destinationsFor, STAFF_DESTINATIONS } from '../../shell/navigation.ts';
import { Door } from './door.tsx';
import { FindBox } from './find-box.tsx';

/** Where a member of staff begins: what they look for, and what they may do. */
export function StaffStartPage() {
  const { t } = useTranslation();
  const { t: staff } = useTranslation('staff');
  const { name, roles } = useUser();
  const mayFind = useHasRole('teller', 'supervisor', 'auditor', 'fraud-analyst');
  const doors = destinationsFor(STAFF_DESTINATIONS, roles).filter((one) => one.to !== '/staff');
  return (
    <Page title={t('staffConsole')} lead={name}>
      {mayFind && (
        <Paper className="card" p={{ base: 'md', sm: 'lg' }}>
          <FindBox />
        </Paper>
      )}
      {doors.length === 0 ? (
        <Paper className="card">
          <Nothing title={staff('noDoors')} text={staff('noDoorsText')} />
        </Paper>
      ) : (
        <section aria-labelledby="doors">
          <Title order={2} size="h4" mb="sm" id="doors">
            {staff('doors')}
          </Title>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} component="ul" className="plain-list">
            {doors.map((destination) => (
              <li key={destination.to}>
                <Door destination={destination} />
              </li>
            ))}
          </SimpleGrid>
        </section>
      )}
    </Page>
  );
}
