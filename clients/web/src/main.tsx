import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import './theme/florin.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { noteMissingChunks } from './app/missing-chunk.ts';
import { createQueryClient } from './app/query-client.ts';
import { createAppRouter } from './app/router.ts';
import { startI18n } from './i18n/i18n.ts';
import { createBank, loadSession } from './session/bank.ts';
import { BankContext } from './session/use-bank.ts';
import { cssVariables, theme } from './theme/theme.ts';

/** The one value by which the page's policy lets our own style tags in; new with every load of the page. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');

noteMissingChunks(window);
const bank = createBank();
const queries = createQueryClient();
const router = createAppRouter(bank);

// The code of the page comes while the bank says who is there. A bank that does not answer yet is shown as pages that
// could not be loaded, not as a blank one.
await Promise.all([
  startI18n(),
  loadSession(bank).catch(() => bank.session.set({ user: null, csrf: null, idleSeconds: 0 })),
  router.load(),
]);

createRoot(root).render(
  <StrictMode>
    <BankContext value={bank}>
      <QueryClientProvider client={queries}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce}
        >
          <RouterProvider router={router} />
        </MantineProvider>
      </QueryClientProvider>
    </BankContext>
  </StrictMode>,
);
