import './sessions.css';
import type { SignedIn } from '@florin/sdk';
import { Paper, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mySessionsQuery } from '../../api/profile-queries.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank } from '../../session/use-bank.ts';
import { EndOthers } from './end-others.tsx';
import { SessionItem } from './session-item.tsx';

const SKELETONS = ['one', 'two', 'three'];

/** Where one is signed in, and the way out of each. */
export function SessionsPage() {
  const { t } = useTranslation('sessions');
  const { t: shell } = useTranslation();
  const sessions = useQuery(mySessionsQuery(useBank()));
  return (
    <Stack gap="xs">
      <BackLink to="/profile">{shell('profile')}</BackLink>
      <Page title={t('title')} lead={t('lead')}>
        <DataRegion
          query={sessions}
          skeleton={
            <Stack>
              {SKELETONS.map((name) => (
                <Skeleton key={name} h={120} radius="lg" />
              ))}
            </Stack>
          }
          isEmpty={(data) => data.length === 0}
          empty={
            <Paper className="card">
              <Nothing title={t('none')} text={t('noneText')} />
            </Paper>
          }
        >
          {(data) => <Sessions sessions={data} />}
        </DataRegion>
      </Page>
    </Stack>
  );
}

function Sessions({ sessions }: { readonly sessions: readonly SignedIn[] }) {
  const { t } = useTranslation('sessions');
  const [said, setSaid] = useState('');
  const others = sessions.filter(({ current }) => !current);
  // This browser first: it is what one compares the others with.
  const sorted = [...sessions.filter(({ current }) => current), ...others];
  return (
    <Stack gap="md">
      <EndOthers others={others} onSaid={setSaid} />
      <p role="status" className="said-here session-status">
        {said}
      </p>
      <ul className="plain-list session-list">
        {sorted.map((session) => (
          <li key={session.id}>
            <SessionItem session={session} onEnded={() => setSaid(t('ended'))} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}
