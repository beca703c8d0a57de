import type { StandingOrder } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StandingOrderChange } from '../../api/payment-commands.ts';
import { formatDate } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Dialog } from '../../parts/dialog.tsx';

interface OrderQuestionProps {
  readonly order: StandingOrder;
  /** The last change that was asked about: it stays readable while the dialog closes. */
  readonly change: StandingOrderChange | undefined;
  readonly isOpen: boolean;
  readonly onYes: (change: StandingOrderChange) => void;
  readonly onNo: () => void;
}

/** Asks before a change that can not be taken back. */
export function OrderQuestion({ order, change, isOpen, onYes, onNo }: OrderQuestionProps) {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  const isSkip = change?.action === 'skip';
  const day = isSkip ? formatDate(change.date, locale) : '';
  const amount = formatMoney(order.amount, locale);
  return (
    <Dialog opened={isOpen} onClose={onNo} title={isSkip ? t('action.skipTitle', { day }) : t('action.cancelTitle')}>
      <Stack>
        <Text>{isSkip ? t('action.skipText') : t('action.cancelText', { amount, name: order.payeeName })}</Text>
        <Group>
          <Button
            className="wrapping-button"
            {...(isSkip ? {} : { color: 'red' })}
            onClick={() => change !== undefined && onYes(change)}
          >
            {isSkip ? t('action.skip', { day }) : t('action.cancel')}
          </Button>
          <Button variant="default" onClick={onNo} data-autofocus>
            {t(isSkip ? 'action.keepPayment' : 'action.keep')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
