import type { LookedUpAccount } from '@florin/sdk';
import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { customerQuery } from '../../api/staff-queries.ts';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing, type Reading } from '../../parts/data-region.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { isMissing } from '../../parts/is-missing.ts';
import { LinkAnchor } from '../../parts/links.tsx';
import { useBank } from '../../session/use-bank.ts';

/** Who an account belongs to, each owner with the way to what else is theirs. */
export function AccountOwners({ lookedUp }: { readonly lookedUp: Reading<LookedUpAccount> }) {
  const { t } = useTranslation('staffAccount');
  return (
    <Card title={t('owners')}>
      <DataRegion
        query={lookedUp}
        skeleton={<Skeleton h={64} />}
        isEmpty={({ owners }) => owners.length === 0}
        empty={<Nothing title={t('noOwners')} text={t('noOwnersText')} />}
      >
        {({ holderName, owners }) => (
          <Facts>
            <Fact label={t('holder')}>{holderName}</Fact>
            <Fact label={t('owner')}>
              <Stack gap="xs">
                {owners.map((id) => (
                  <Owner key={id} customerId={id} />
                ))}
              </Stack>
            </Fact>
          </Facts>
        )}
      </DataRegion>
    </Card>
  );
}

function Owner({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('staffAccount');
  const customer = useQuery(customerQuery(useBank(), customerId));
  if (customer.data === undefined && isMissing(customer.error)) return <Text size="sm">{t('ownerMissing')}</Text>;
  return (
    <DataRegion query={customer} skeleton={<Skeleton h={24} w={160} />}>
      {({ name, emailMasked }) => (
        <span>
          <LinkAnchor to="/staff/customers/$customerId" params={{ customerId }} size="sm">
            {name}
          </LinkAnchor>{' '}
          <Text component="span" size="sm" c="dimmed">
            {emailMasked}
          </Text>
        </span>
      )}
    </DataRegion>
  );
}
