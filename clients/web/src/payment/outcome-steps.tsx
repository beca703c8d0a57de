import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../parts/links.tsx';
import { StepHeading } from './step-heading.tsx';

interface OutcomeProps {
  /** What it is about, in short: the amount and who gets it. */
  readonly summary: ReactNode;
  readonly isFocused: boolean;
}

/** No answer came; the same request is on its way again, under the same key. */
export function Checking({ summary, isFocused }: OutcomeProps) {
  const { t } = useTranslation('payment');
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t('checking.title')}</StepHeading>
      {summary}
      <Group wrap="nowrap" align="flex-start">
        <Loader size="sm" aria-hidden />
        <Text>{t('checking.text')}</Text>
      </Group>
      <Text size="sm" c="dimmed">
        {t('checking.mayLeave')}
      </Text>
    </Stack>
  );
}

interface NotKnownProps extends OutcomeProps {
  readonly accountId: string;
  /** The bank no longer knows the key: asking would be paying again. */
  readonly isTooOld: boolean;
  readonly onCheckAgain: () => void;
  readonly onBeginAgain: () => void;
}

/** It may have happened or not, and that is what is said. What is offered can not make it happen twice. */
export function NotKnown({ summary, isFocused, accountId, isTooOld, onCheckAgain, onBeginAgain }: NotKnownProps) {
  const { t } = useTranslation('payment');
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t('unknown.title')}</StepHeading>
      {summary}
      <Alert color="yellow" variant="outline" icon={<CircleHelp aria-hidden />}>
        <Text size="sm">{t(isTooOld ? 'unknown.tooOld' : 'unknown.text')}</Text>
      </Alert>
      <Group>
        {!isTooOld && <Button onClick={onCheckAgain}>{t('unknown.checkAgain')}</Button>}
        <LinkButton to="/accounts/$accountId" params={{ accountId }} variant={isTooOld ? 'filled' : 'default'}>
          {t('unknown.toAccount')}
        </LinkButton>
        {isTooOld && (
          <Button variant="default" onClick={onBeginAgain}>
            {t('unknown.beginAgain')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
