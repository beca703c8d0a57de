import { Button, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { payeesQuery } from '../../api/payment-queries.ts';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank } from '../../session/use-bank.ts';
import { PayeeDialog, type PayeeWork } from './payee-dialog.tsx';
import { PayeeList } from './payee-list.tsx';

const SKELETONS = ['one', 'two', 'three', 'four'];

/** Whom one pays: to find, to pay, to keep in order. */
export function PayeesPage() {
  const { t } = useTranslation(['payees', 'shell']);
  const payees = useQuery(payeesQuery(useBank()));
  const [work, setWork] = useState<PayeeWork>();
  const [isOpen, setIsOpen] = useState(false);
  const [said, setSaid] = useState('');
  const statusRef = useRef<HTMLParagraphElement>(null);
  const begin = (next: PayeeWork): void => {
    setWork(next);
    setIsOpen(true);
    setSaid('');
  };
  const end = (text: string): void => {
    setIsOpen(false);
    setSaid(text);
  };
  return (
    <Page
      title={t('shell:payees')}
      lead={t('lead')}
      action={
        <Button leftSection={<UserPlus size={18} aria-hidden />} onClick={() => begin({ kind: 'add' })}>
          {t('add')}
        </Button>
      }
    >
      <Text role="status" ref={statusRef} tabIndex={-1} className="quiet-focus said-here">
        {said}
      </Text>
      <DataRegion
        query={payees}
        skeleton={<ListSkeleton />}
        isEmpty={(data) => data.length === 0}
        empty={
          <Paper className="card">
            <Nothing title={t('none')} text={t('noneText')} />
          </Paper>
        }
      >
        {(data) => <PayeeList payees={data} onWork={begin} />}
      </DataRegion>
      <PayeeDialog
        work={work}
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        onDone={end}
        // What opened the dialog may be gone with the payee; what was done is said here.
        onGone={() => {
          if (said !== '') statusRef.current?.focus();
        }}
      />
    </Page>
  );
}

function ListSkeleton() {
  return (
    <Stack gap="sm">
      {SKELETONS.map((name) => (
        <Skeleton key={name} h={76} />
      ))}
    </Stack>
  );
}
