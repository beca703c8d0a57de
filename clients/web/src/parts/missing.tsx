import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from './page.tsx';

/** Instead of a page about something that is not there, or not this person's: why, and where to go from here. */
export function Missing({
  title,
  text,
  action,
}: {
  readonly title: string;
  readonly text: string;
  readonly action: ReactNode;
}) {
  return (
    <Page title={title}>
      <Paper className="card" p={{ base: 'md', sm: 'lg' }}>
        <Stack gap="md" align="flex-start">
          <Text>{text}</Text>
          {action}
        </Stack>
      </Paper>
    </Page>
  );
}
