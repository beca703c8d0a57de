import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
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
  /** A link to where one can look whether it is there. */
  readonly where: ReactNode;
  /** The bank no longer knows the key: asking would be paying again. */
  readonly isTooOld: boolean;
  readonly onCheckAgain: () => void;
  readonly onBeginAgain: () => void;
}

/** It may have happened or not, and that is what is said. What is offered can not make it happen twice. */
export function NotKnown({ summary, isFocused, where, isTooOld, onCheckAgain, onBeginAgain }: NotKnownProps) {
  const { t } = useTranslation('payment');
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t('unknown.title')}</StepHeading>
      {summary}
      <Alert color="yellow" variant="outline" role="note" icon={<CircleHelp aria-hidden />}>
        <Text size="sm">{t(isTooOld ? 'unknown.tooOld' : 'unknown.text')}</Text>
      </Alert>
      <Group>
        {!isTooOld && <Button onClick={onCheckAgain}>{t('unknown.checkAgain')}</Button>}
        {where}
        {isTooOld && (
          <Button variant="default" onClick={onBeginAgain}>
            {t('unknown.beginAgain')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
