import { ApiProblem } from '@florin/sdk';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from './problem-text.ts';

/** A refusal or a failure: what happened, what to do next, and what to tell support. */
export function ProblemNotice({
  error,
  title,
  onRetry,
}: {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const text = useProblemText();
  return (
    <Alert color="red" variant="outline" icon={<CircleAlert aria-hidden />} title={title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text(error)}</Text>
        {error instanceof ApiProblem && error.traceId !== undefined && (
          <Text size="xs" c="dimmed">
            {t('support', { code: error.traceId.slice(0, 12) })}
          </Text>
        )}
        {onRetry && (
          <Button size="sm" variant="default" onClick={onRetry}>
            {t('tryAgain')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
