import type { KoaContextWithOIDC } from 'oidc-provider';
import { escapeHtml, type Page, page } from './page.ts';

function send(ctx: KoaContextWithOIDC, answer: Page): void {
  for (const [name, value] of Object.entries(answer.headers)) ctx.set(name, value);
  ctx.body = answer.html;
}

/** What a person sees when a request to the issuer cannot be answered. Programs get the JSON of RFC 6749 section 5.2. */
export function renderError(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
): void {
  const detail = out.error_description ?? 'The request cannot be answered.';
  send(
    ctx,
    page(
      'This did not work',
      `<p>${escapeHtml(detail)}</p><p class="hint">${escapeHtml(out.error)}</p><p><a href="/">Back to the start</a></p>`,
    ),
  );
}

/** Asks before signing out, for a link on someone else's page must not be able to do it. `form` is the provider's. */
export function renderLogout(ctx: KoaContextWithOIDC, form: string): void {
  const target = ctx.oidc.session?.state?.['postLogoutRedirectUri'];
  send(
    ctx,
    page(
      'Sign out?',
      `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<p><a href="/">Stay signed in</a></p>`,
      typeof target === 'string' ? formTargetsOf(target) : [],
    ),
  );
}

export function renderSignedOut(ctx: KoaContextWithOIDC): void {
  send(ctx, page('You are signed out', '<p><a href="/">Back to the start</a></p>'));
}

/** What `form-action` must allow for a form whose redirects end at this address: its origin, or its private scheme. */
function formTargetsOf(address: string): string[] {
  const url = URL.parse(address);
  if (url === null) return [];
  return [url.origin === 'null' ? url.protocol : url.origin];
}
