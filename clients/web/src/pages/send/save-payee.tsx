import { ApiProblem } from '@florin/sdk';
import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { createPayee } from '../../api/payment-commands.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';

/** Keeps whom one just paid. Somebody who is kept already is as good as kept now. */
export function SavePayee({ name, iban }: { readonly name: string; readonly iban: string }) {
  const { t } = useTranslation('send');
  const bank = useBank();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => createPayee(bank, { name, iban }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['payees'] }),
  });
  const isKept = save.isSuccess || (save.error instanceof ApiProblem && save.error.code === 'payee-exists');
  return (
    <>
      {!isKept && (
        <Button
          variant="default"
          leftSection={<UserPlus size={18} aria-hidden />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t('result.savePayee')}
        </Button>
      )}
      <Text role="status" size="sm" c="dimmed">
        {isKept && t('result.savedPayee', { name })}
      </Text>
      {save.isError && !isKept && <ProblemNotice error={save.error} />}
    </>
  );
}
