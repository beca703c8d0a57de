import type { StandingOrder } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { CirclePause, CirclePlay, CircleX, SkipForward } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StandingOrderChange } from '../../api/payment-commands.ts';
import { formatDate } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { OrderQuestion } from './order-question.tsx';
import { useOrderChange } from './use-order-change.ts';

/** What may be done about an order that is not over. Each can be said twice without doing it twice. */
export function OrderActions({ order }: { readonly order: StandingOrder }) {
  const { t } = useTranslation('standingOrders');
  const { change, said, statusRef } = useOrderChange(order);
  const [asked, setAsked] = useState<StandingOrderChange>();
  const [isAsking, setIsAsking] = useState(false);
  const isOver = order.status === 'ended' || order.status === 'cancelled';
  return (
    <>
      <Text role="status" ref={statusRef} tabIndex={-1} className="quiet-focus said-here">
        {said}
      </Text>
      {!isOver && (
        <Card title={t('action.title')}>
          <Stack>
            {change.isError && <ProblemNotice error={change.error} />}
            <ActionButtons
              order={order}
              busyWith={change.isPending ? change.variables.action : undefined}
              onChange={(wanted) => change.mutate(wanted)}
              onAsk={(wanted) => {
                setAsked(wanted);
                setIsAsking(true);
              }}
            />
            <Text size="sm" c="dimmed">
              {t('action.pauseHint')}
            </Text>
          </Stack>
        </Card>
      )}
      <OrderQuestion
        order={order}
        change={asked}
        isOpen={isAsking}
        onNo={() => setIsAsking(false)}
        onYes={(wanted) => {
          setIsAsking(false);
          change.mutate(wanted);
        }}
      />
    </>
  );
}

interface ActionButtonsProps {
  readonly order: StandingOrder;
  readonly busyWith: StandingOrderChange['action'] | undefined;
  /** Does what can be undone. */
  readonly onChange: (change: StandingOrderChange) => void;
  /** Asks before what can not. */
  readonly onAsk: (change: StandingOrderChange) => void;
}

function ActionButtons({ order, busyWith, onChange, onAsk }: ActionButtonsProps) {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  const { nextDate, status } = order;
  const isBusy = busyWith !== undefined;
  const isPaused = status === 'paused';
  const toggle = isPaused ? 'resume' : 'pause';
  const ToggleIcon = isPaused ? CirclePlay : CirclePause;
  return (
    <Group>
      <Button
        variant={isPaused ? 'filled' : 'default'}
        leftSection={<ToggleIcon size={18} aria-hidden />}
        loading={busyWith === toggle}
        disabled={isBusy}
        onClick={() => onChange({ action: toggle })}
      >
        {t(`action.${toggle}`)}
      </Button>
      {nextDate !== null && (
        <Button
          variant="default"
          leftSection={<SkipForward size={18} aria-hidden />}
          loading={busyWith === 'skip'}
          disabled={isBusy}
          onClick={() => onAsk({ action: 'skip', date: nextDate })}
        >
          {t('action.skip', { day: formatDate(nextDate, locale) })}
        </Button>
      )}
      <Button
        variant="outline"
        color="red"
        leftSection={<CircleX size={18} aria-hidden />}
        loading={busyWith === 'cancel'}
        disabled={isBusy}
        onClick={() => onAsk({ action: 'cancel' })}
      >
        {t('action.cancel')}
      </Button>
    </Group>
  );
}
