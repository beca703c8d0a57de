import type { SignedIn } from '@florin/sdk';
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { endSessions, mySessionsQuery } from '../../api/profile-queries.ts';
import { useBank } from '../../session/use-bank.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface EndOthersProps {
  readonly others: readonly SignedIn[];
  /** What came of it, for those who hear the page too. */
  readonly onSaid: (text: string) => void;
}

/** Signs out everywhere but here. */
export function EndOthers({ others, onSaid }: EndOthersProps) {
  const { t } = useTranslation('sessions');
  const bank = useBank();
  const queries = useQueryClient();
  const [isOpen, dialog] = useDisclosure();
  const ending = useMutation({
    mutationFn: (ids: readonly string[]) => endSessions(bank, ids),
    async onSuccess(failures, ids) {
      dialog.close();
      await queries.invalidateQueries({ queryKey: mySessionsQuery(bank).queryKey });
      onSaid(failures > 0 ? t('notAll', { count: failures }) : t('endedOthers', { count: ids.length }));
    },
  });
  return (
    <div>
      {others.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('onlyHere')}
        </Text>
      ) : (
        <Button onClick={dialog.open}>{t('endOthers')}</Button>
      )}
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title={t('endOthersTitle')}
        text={t('endOthersText', { count: others.length })}
        confirm={t('endOthers')}
        isPending={ending.isPending}
        error={ending.error}
        onConfirm={() => ending.mutate(others.map(({ id }) => id))}
      />
    </div>
  );
}
