import './security.css';
import type { Factors } from '@florin/sdk';
import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { myFactorsQuery } from '../../api/factor-queries.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DataRegion } from '../../parts/data-region.tsx';
import { Page } from '../../parts/page.tsx';
import { signInAddress } from '../../session/session.ts';
import { useBank } from '../../session/use-bank.ts';
import { AddressCard } from './address-card.tsx';
import { DevicesCard } from './devices-card.tsx';
import type { FactorChange } from './factor-card.ts';
import { PasskeysCard } from './passkeys-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { RecoveryCard } from './recovery-card.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpCard } from './totp-card.tsx';

const SKELETONS = ['app', 'passkeys', 'codes'];

/** What signs one in: the password, where mail goes, an app, passkeys, recovery codes for when both are lost, known browsers. */
export function SecurityPage() {
  const { t } = useTranslation('security');
  const { t: shell } = useTranslation();
  const factors = useQuery(myFactorsQuery(useBank()));
  return (
    <Stack gap="xs">
      <BackLink to="/profile">{shell('profile')}</BackLink>
      <Page title={t('title')} lead={t('lead')}>
        <DataRegion
          query={factors}
          skeleton={
            <Stack>
              {SKELETONS.map((name) => (
                <Skeleton key={name} h={140} radius="lg" />
              ))}
            </Stack>
          }
        >
          {(data) => <FactorCards factors={data} />}
        </DataRegion>
      </Page>
    </Stack>
  );
}

function FactorCards({ factors }: { readonly factors: Factors }) {
  const [said, setSaid] = useState('');
  const [codes, setCodes] = useState<readonly string[]>();
  const onChanged = ({ text = '', recoveryCodes }: FactorChange) => {
    setSaid(text);
    if (recoveryCodes) setCodes(recoveryCodes);
  };
  return (
    <Stack gap="md">
      {/* Not while there are codes to keep: signing in again would lose them. */}
      {!factors.fresh && codes === undefined && <SignInAgain />}
      <Text role="status" size="sm" className="said-here">
        {said}
      </Text>
      {codes && <RecoveryCodes codes={codes} onKept={() => setCodes(undefined)} />}
      <PasswordCard onSaid={setSaid} />
      <AddressCard isFresh={factors.fresh} onSaid={setSaid} />
      <TotpCard factors={factors} onChanged={onChanged} />
      <PasskeysCard factors={factors} onChanged={onChanged} />
      <RecoveryCard factors={factors} onChanged={onChanged} />
      <DevicesCard onSaid={setSaid} />
    </Stack>
  );
}

/** A sign-in that is too old, or was made with one factor before there was a second. */
function SignInAgain() {
  const { t } = useTranslation('security');
  return (
    <Alert color="blue" variant="outline" title={t('staleTitle')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('staleText')}</Text>
        <Button component="a" href={signInAddress('/security')}>
          {t('signInAgain')}
        </Button>
      </Stack>
    </Alert>
  );
}
