import { type Account, ApiProblem, answerOf } from '@florin/sdk';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMoney, signOf } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { type AccountDialogProps, useAccountChange } from './account-dialog.ts';

/** Closes an account for good, or says what stands in the way. */
export function CloseDialog({ account, opened, onClose, onGone }: AccountDialogProps) {
  const { t } = useTranslation('account');
  return (
    <Dialog opened={opened} onClose={onClose} onGone={onGone} title={t('closeTitle')}>
      <CloseQuestion account={account} onClose={onClose} />
    </Dialog>
  );
}

function CloseQuestion({ account, onClose }: Pick<AccountDialogProps, 'account' | 'onClose'>) {
  const { t } = useTranslation('account');
  const { t: shell } = useTranslation();
  const { api } = useBank();
  const obstacle = useObstacle(account);
  const close = useAccountChange(
    () => answerOf(api.POST('/v1/accounts/{id}/close', { params: { path: { id: account.id } } })),
    onClose,
  );
  // What the bank refused for is on the account by now, and said below with its amounts.
  const isExplained = obstacle !== undefined && close.error instanceof ApiProblem && close.error.status < 500;
  return (
    <Stack>
      {close.isError && !isExplained && <ProblemNotice error={close.error} />}
      <Text size="sm">{t('closeText')}</Text>
      {obstacle !== undefined && (
        <Alert color="yellow" variant="outline" role="alert" title={t('notEmpty')}>
          <Text size="sm">{obstacle}</Text>
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {shell('cancel')}
        </Button>
        {obstacle === undefined ? (
          <Button color="red" loading={close.isPending} onClick={() => close.mutate(undefined)}>
            {t('closeSubmit')}
          </Button>
        ) : (
          account.status === 'active' &&
          signOf(account.balance.available) === 'in' && (
            <LinkButton to="/send" search={{ from: account.id }}>
              {t('send')}
            </LinkButton>
          )
        )}
      </Group>
    </Stack>
  );
}

/** Why the bank would refuse, in words; undefined when nothing we know of stands in the way. */
function useObstacle({ status, balance }: Account): string | undefined {
  const { t } = useTranslation('account');
  const locale = useLocale();
  const { posted, held } = balance;
  if (status === 'frozen') return t('frozenText');
  if (signOf(held) !== 'none') return t('heldText', { held: formatMoney(held, locale) });
  if (signOf(posted) === 'none') return undefined;
  return t(signOf(posted) === 'in' ? 'notEmptyText' : 'owingText', { posted: formatMoney(posted, locale) });
}
