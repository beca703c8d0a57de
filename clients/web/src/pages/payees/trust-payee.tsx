import { ApiProblem, type Payee } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { trustPayee } from '../../api/payment-commands.ts';
import { formatIban } from '../../format/money.ts';
import { LinkButton } from '../../parts/links.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { usePayeeChange } from './use-payee-change.ts';

interface TrustPayeeProps {
  readonly payee: Payee;
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}

/** Asks whether payments to somebody need not be confirmed any more, or are to be again. */
export function TrustPayee({ payee, onDone, onClose }: TrustPayeeProps) {
  const { t } = useTranslation(['payees', 'shell']);
  const bank = useBank();
  const { id, name, iban, isTrusted } = payee;
  const change = usePayeeChange(
    () => trustPayee(bank, id, !isTrusted),
    () => onDone(t(isTrusted ? 'distrusted' : 'trusted', { name })),
  );
  return (
    <Stack>
      {change.isError && <Refused error={change.error} />}
      <Text>{formatIban(iban)}</Text>
      <Text>{t(isTrusted ? 'distrustText' : 'trustText')}</Text>
      <Group>
        <Button loading={change.isPending} onClick={() => change.mutate(undefined)}>
          {t(isTrusted ? 'distrustSubmit' : 'trustSubmit')}
        </Button>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('shell:cancel')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Why not, and where one gets what is missing: a newer sign-in, or a second factor. */
function Refused({ error }: { readonly error: Error }) {
  const { t } = useTranslation('payees');
  const code = error instanceof ApiProblem ? error.code : '';
  return (
    <Stack gap="sm" align="flex-start">
      <ProblemNotice error={error} />
      {code === 'fresh-sign-in-needed' && (
        <Button component="a" href="/session/login?return_to=/payees" variant="default">
          {t('signInAgain')}
        </Button>
      )}
      {code === 'second-factor-needed' && (
        <LinkButton to="/security" variant="default">
          {t('setUpFactor')}
        </LinkButton>
      )}
    </Stack>
  );
}
