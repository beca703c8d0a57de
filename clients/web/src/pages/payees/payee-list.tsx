import type { Payee } from '@florin/sdk';
import { ActionIcon, Button, Group, Menu, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ellipsis, Pencil, Search, Send, ShieldCheck, ShieldOff, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../format/dates.ts';
import { formatIban } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Nothing } from '../../parts/data-region.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { findPayees } from '../../payment/find-payees.ts';
import { NameStandingText } from '../../payment/name-standing-text.tsx';
import type { PayeeWork } from './payee-dialog.tsx';

interface PayeeListProps {
  readonly payees: readonly Payee[];
  readonly onWork: (work: PayeeWork) => void;
}

/** The payees, or those that fit what is searched for. */
export function PayeeList({ payees, onWork }: PayeeListProps) {
  const { t } = useTranslation(['payees', 'shell']);
  const { q = '' } = useSearch({ from: '/customer/payees' });
  const navigate = useNavigate();
  const search = (text: string): void => {
    void navigate({ to: '/payees', search: text === '' ? {} : { q: text }, replace: true });
  };
  const found = findPayees(payees, q);
  return (
    <Stack>
      <TextInput
        label={t('search')}
        type="search"
        autoComplete="off"
        maxLength={120}
        leftSection={<Search size={18} aria-hidden />}
        value={q}
        onChange={({ currentTarget }) => search(currentTarget.value)}
        maw="28rem"
      />
      <Text size="sm" c="dimmed" role="status">
        {t('count', { count: found.length })}
      </Text>
      <Paper className="card">
        {found.length === 0 ? (
          <Nothing
            title={t('noneFound', { q })}
            text={t('noneFoundText')}
            action={
              <Button variant="default" onClick={() => search('')}>
                {t('shell:clearFilters')}
              </Button>
            }
          />
        ) : (
          <ul className="plain-list" aria-label={t('listLabel')}>
            {found.map((payee) => (
              <li key={payee.id} className="list-row">
                <PayeeRow payee={payee} onWork={onWork} />
              </li>
            ))}
          </ul>
        )}
      </Paper>
    </Stack>
  );
}

function PayeeRow({ payee, onWork }: { readonly payee: Payee; readonly onWork: PayeeListProps['onWork'] }) {
  const { t } = useTranslation('payees');
  const locale = useLocale();
  const { id, name, iban, nameCheck, lastPaidAt, isTrusted } = payee;
  return (
    <Group justify="space-between" gap="sm">
      <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
        <Text fw={600} truncate title={name}>
          {name}
        </Text>
        <Text size="sm">{formatIban(iban)}</Text>
        <Text size="sm" c="dimmed">
          {lastPaidAt === null ? t('neverPaid') : t('lastPaid', { day: formatDay(lastPaidAt, locale) })}
        </Text>
        {isTrusted && <Text size="sm">{t('isTrusted')}</Text>}
        <NameStandingText standing={nameCheck === 'match' ? 'kept' : nameCheck} />
      </div>
      <Group gap="xs" wrap="nowrap">
        <LinkButton
          to="/send"
          search={{ payee: id }}
          variant="default"
          leftSection={<Send size={18} aria-hidden />}
          aria-label={t('sendTo', { name })}
        >
          {t('send')}
        </LinkButton>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="default" size={42} aria-label={t('more', { name })}>
              <Ellipsis size={20} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Pencil size={18} aria-hidden />} onClick={() => onWork({ kind: 'rename', payee })}>
              {t('rename')}
            </Menu.Item>
            <Menu.Item
              leftSection={isTrusted ? <ShieldOff size={18} aria-hidden /> : <ShieldCheck size={18} aria-hidden />}
              onClick={() => onWork({ kind: 'trust', payee })}
            >
              {t(isTrusted ? 'distrust' : 'trust')}
            </Menu.Item>
            <Menu.Item leftSection={<Trash2 size={18} aria-hidden />} onClick={() => onWork({ kind: 'remove', payee })}>
              {t('remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
    </Group>
  );
}
