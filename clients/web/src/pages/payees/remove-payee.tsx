import { ApiProblem, type Payee } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { forgetPayee } from '../../api/payment-commands.ts';
import { formatIban } from '../../format/money.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { usePayeeChange } from './use-payee-change.ts';

interface RemovePayeeProps {
  readonly payee: Payee;
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

/** Asks once more before a payee is forgotten. */
export function RemovePayee({ payee, onDone, onClose }: RemovePayeeProps) {
  const { t } = useTranslation(['payees', 'shell']);
  const bank = useBank();
  const remove = usePayeeChange(
    () => forgetPayee(bank, payee.id).catch(unlessGone),
    () => onDone(t('removed', { name: payee.name })),
  );
  return (
    <Stack>
      {remove.isError && <ProblemNotice error={remove.error} />}
      <Text>{formatIban(payee.iban)}</Text>
      <Text>{t('removeText')}</Text>
      <Group>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined)}>
          {t('removeSubmit')}
        </Button>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('shell:cancel')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Somebody who is not there any more is as good as removed now. */
function unlessGone(error: unknown): void {
  if (error instanceof ApiProblem && error.code === 'payee-not-found') return;
  throw error;
}
