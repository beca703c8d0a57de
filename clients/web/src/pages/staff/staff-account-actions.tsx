import type { Account } from '@florin/sdk';
import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Banknote, Snowflake, Sun } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../parts/links.tsx';
import { useHasRole } from '../../session/use-bank.ts';
import { FreezeDialog } from './freeze-dialog.tsx';

/** What staff may do with an account in its present state. */
export function StaffAccountActions({ account }: { readonly account: Account }) {
  const { t } = useTranslation('staffAccount');
  const isTeller = useHasRole('teller');
  const mayFreeze = useHasRole('fraud-analyst');
  const { status, iban } = account;
  const takesCash = status === 'active' || status === 'frozen';
  return (
    <Group gap="sm">
      {isTeller && takesCash && (
        <>
          <LinkButton
            to="/staff/cash"
            search={{ account: iban, kind: 'deposit' }}
            leftSection={<Banknote size={18} aria-hidden />}
          >
            {t('deposit')}
          </LinkButton>
          <LinkButton to="/staff/cash" search={{ account: iban, kind: 'withdrawal' }} variant="default">
            {t('withdrawal')}
          </LinkButton>
        </>
      )}
      {(mayFreeze || (isTeller && status === 'frozen')) && <FreezeButton account={account} />}
    </Group>
  );
}

function FreezeButton({ account }: { readonly account: Account }) {
  const { t } = useTranslation('staffAccount');
  const [isOpen, dialog] = useDisclosure();
  const [done, setDone] = useState<'freeze' | 'unfreeze'>();
  const { status } = account;
  if (status !== 'active' && status !== 'frozen') return null;
  const action = status === 'active' ? 'freeze' : 'unfreeze';
  const Icon = status === 'active' ? Snowflake : Sun;
  return (
    <>
      <Button variant="default" leftSection={<Icon size={18} aria-hidden />} onClick={dialog.open}>
        {t(action)}
      </Button>
      <FreezeDialog account={account} opened={isOpen} onClose={dialog.close} onDone={setDone} />
      <VisuallyHidden role="status">{done === 'freeze' ? t('done.freeze') : ''}</VisuallyHidden>
      {done === 'unfreeze' && (
        <Text role="status" size="sm">
          {t('done.unfreeze')}
        </Text>
      )}
    </>
  );
}
