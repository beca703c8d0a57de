import type { SignedIn } from '@florin/sdk';
import { Badge, Button, Group, Paper, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { endSession, mySessionsQuery } from '../../api/profile-queries.ts';
import { formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Fact, Facts } from '../../parts/facts.tsx';
import { signOut } from '../../session/bank.ts';
import { useBank } from '../../session/use-bank.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface SessionItemProps {
  readonly session: SignedIn;
  readonly onEnded: () => void;
}

/** One place where one is signed in. */
export function SessionItem({ session, onEnded }: SessionItemProps) {
  const { t } = useTranslation('sessions');
  const locale = useLocale();
  const device = session.device ?? t('unknownDevice');
  return (
    <Paper className="card" p={{ base: 'md', sm: 'lg' }}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
        <Group gap="sm" wrap="nowrap">
          <MonitorSmartphone size={22} aria-hidden />
          <Text fw={600}>{device}</Text>
          {session.current && <Badge>{t('here')}</Badge>}
        </Group>
        <EndSession session={session} device={device} onEnded={onEnded} />
      </Group>
      <Facts>
        <Fact label={t('client')}>{session.clientName}</Fact>
        <Fact label={t('since')}>{formatMoment(session.startedAt, locale)}</Fact>
        <Fact label={t('lastSeen')}>{formatMoment(session.lastSeenAt, locale)}</Fact>
        <Fact label={t('expires')}>{formatMoment(session.expiresAt, locale)}</Fact>
      </Facts>
    </Paper>
  );
}

function EndSession({ session, device, onEnded }: SessionItemProps & { readonly device: string }) {
  const { t } = useTranslation('sessions');
  const locale = useLocale();
  const bank = useBank();
  const queries = useQueryClient();
  const [isOpen, dialog] = useDisclosure();
  const ending = useMutation({
    mutationFn: () => (session.current ? signOut(bank) : endSession(bank, session.id)),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: mySessionsQuery(bank).queryKey });
      onEnded();
    },
  });
  return (
    <>
      <Button
        variant="default"
        size="sm"
        aria-label={t('endThere', { device, since: formatMoment(session.startedAt, locale) })}
        onClick={dialog.open}
      >
        {t('end')}
      </Button>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title={t(session.current ? 'endHereTitle' : 'endTitle')}
        text={t(session.current ? 'endHereText' : 'endText', { device })}
        confirm={t('end')}
        isPending={ending.isPending}
        error={ending.error}
        onConfirm={() => ending.mutate()}
      />
    </>
  );
}
