import type { BrowserContext, Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { bankUrl, expect } from './bank.ts';
import { expectWellMade } from './page-checks.ts';

const STEP_MS = 30_000;

/** Makes a customer of their own for a test. */
export async function signUpSomebody(email: string, password: string, name: string): Promise<void> {
  const answer = await fetch(`${bankUrl()}/v1/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, name }),
  });
  expect(answer.status).toBe(201);
}

/** The code of a later step than all before, so that it was not used yet; one step ahead is within the tolerance. */
export function codeOf(secret: string, stepsFromNow = 0): string {
  const timestamp = Date.now() + stepsFromNow * STEP_MS;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** Chromium's own authenticator, in software: it has a passkey for whoever asks and says that it saw a finger. */
export async function addAuthenticator(context: BrowserContext, page: Page, isUserVerified = true) {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
  return {
    refuseUser: () => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }),
  };
}

export async function setUpTotp(page: Page): Promise<{ readonly secret: string; readonly codes: readonly string[] }> {
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  const secret = (await page.locator('.totp-secret').innerText()).replace(/\s/g, '');
  await expectWellMade(page);
  await page.getByLabel('The code the app shows now').fill(codeOf(secret, -1));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('heading', { name: 'Your recovery codes' })).toBeVisible();
  const codes = await page.locator('.recovery-list li').allInnerTexts();
  expect(codes).toHaveLength(10);
  await expectWellMade(page);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.locator('.recovery-list')).toHaveCount(0);
  return { secret, codes };
}
