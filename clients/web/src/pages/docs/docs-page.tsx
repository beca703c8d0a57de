import './docs.css';
import { Anchor, Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DataRegion } from '../../parts/data-region.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { Logo } from '../../shell/logo.tsx';
import { DOCUMENT_ADDRESS, docsQuery } from './docs-query.ts';
import { OperationList } from './operation-list.tsx';

/** The API for people: what there is, how it is called, what comes back. For anyone, signed in or not. */
export function DocsPage() {
  const { t } = useTranslation('docs');
  const { t: shell } = useTranslation();
  const docs = useQuery(docsQuery);
  const version = docs.data?.document.info.version;
  return (
    <>
      <a href="#content" className="skip-link">
        {shell('skipToContent')}
      </a>
      <header className="docs-header card frame-edge">
        <Logo />
        <Group gap="md">
          <Anchor href={DOCUMENT_ADDRESS} underline="always" size="sm">
            {t('document')}
          </Anchor>
          <LinkAnchor to="/" size="sm">
            {t('toBank')}
          </LinkAnchor>
        </Group>
      </header>
      <main id="content" tabIndex={-1} className="docs-main frame-main">
        <Page title={t('title')} lead={version === undefined ? undefined : t('lead', { version })}>
          <DataRegion
            query={docs}
            skeleton={
              <Stack>
                <Skeleton h={260} radius="lg" />
                <Skeleton h={480} radius="lg" />
              </Stack>
            }
          >
            {({ document, operations }) => <OperationList document={document} operations={operations} />}
          </DataRegion>
        </Page>
      </main>
    </>
  );
}
