import type { StandingOrder } from '@florin/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeStandingOrder, type StandingOrderChange } from '../../api/payment-commands.ts';
import { standingOrderQuery } from '../../api/payment-queries.ts';
import { formatDate } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { useBank } from '../../session/use-bank.ts';

/** Changes an order, shows what the bank made of it, and says it, where the focus then is. */
export function useOrderChange({ id }: StandingOrder) {
  const bank = useBank();
  const queries = useQueryClient();
  const words = useChangeWords();
  const [said, setSaid] = useState('');
  const statusRef = useRef<HTMLParagraphElement>(null);
  const change = useMutation({
    mutationFn: (wanted: StandingOrderChange) => changeStandingOrder(bank, id, wanted),
    onMutate: () => setSaid(''),
    onSuccess(order, wanted) {
      queries.setQueryData(standingOrderQuery(bank, id).queryKey, order);
      setSaid(words(wanted, order));
    },
    // A refusal too says that what is on the screen is old.
    onSettled: () => queries.invalidateQueries({ queryKey: ['standing-orders'] }),
  });
  // The button that was pressed may be gone or another one by now.
  useEffect(() => {
    if (said !== '') statusRef.current?.focus();
  }, [said]);
  return { change, said, statusRef };
}

function useChangeWords(): (wanted: StandingOrderChange, order: StandingOrder) => string {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  return (wanted, { nextDate }) => {
    switch (wanted.action) {
      case 'pause':
        return t('action.paused');
      case 'resume':
        return nextDate === null ? t('action.resumedOver') : t('action.resumed', { day: formatDate(nextDate, locale) });
      case 'skip':
        return t('action.skipped', { day: formatDate(wanted.date, locale) });
      case 'cancel':
        return t('action.cancelled');
    }
  };
}
