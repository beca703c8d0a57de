import { ApiProblem } from '@florin/sdk';
import { Paper } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Nothing } from '../../parts/data-region.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';

/** Whether the address names nothing of this person's: 404, or 400 when it could not name anything at all. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.status === 400);
}

/** Instead of the page of an account that is not there. */
export function AccountMissing() {
  const { t } = useTranslation('account');
  return (
    <Page title={t('missing')}>
      <Paper className="card">
        <Nothing
          title={t('missing')}
          text={t('missingText')}
          action={<LinkButton to="/accounts">{t('allAccounts')}</LinkButton>}
        />
      </Paper>
    </Page>
  );
}
