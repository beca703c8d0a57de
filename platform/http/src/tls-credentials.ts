import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Logger } from '@florin/observability';
import { type Clock, Fault, systemClock } from '@florin/primitives';

/** Where a process finds its certificate: PEM files, the key not encrypted. */
export interface TlsFiles {
  /** The certificate, and after it those between it and the authority, if there are any. */
  readonly certificateFile: string;
  readonly keyFile: string;
  /** The authority that those on the other side must have their certificates from; for mutual TLS. */
  readonly caFile?: string;
}

/** PEM texts, by the names that `node:tls` has for them. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** The certificate of this process as it is now: files that are replaced while it runs take effect without a restart. */
export interface TlsCredentials {
  current(): TlsMaterial;
  /** Told of every change after it. For servers and pools, which live as long as the process: there is no way back. */
  onChange(listener: (material: TlsMaterial) => void): void;
  /** Nobody takes it any more. */
  isExpired(): boolean;
  /** Stops looking at the files. */
  close(): void;
}

/**
 * How long a new certificate may go unnoticed. The files are read rather than watched: secrets of a cluster are symbolic links
 * to a folder that is exchanged, of which no watcher tells.
 */
const LOOK_EVERY_MS = 10_000;

const DAY_MS = 24 * 3_600_000;
/** From then on the log says once a day that the certificate will not do for long. */
const EXPIRES_SOON_DAYS = 14;

/**
 * Reads a certificate and keeps up with its files. New files that do not fit each other are told to the log and the old
 * ones kept, for whoever writes three files writes one after the other. Throws the Fault `setting-invalid`, in words that
 * quote no key, when they do not fit at the start.
 */
export function openTlsCredentials(
  files: TlsFiles,
  options: { readonly logger: Logger; readonly clock?: Clock; readonly lookEveryMs?: number },
): TlsCredentials {
  const { logger, clock = systemClock } = options;
  const listeners: ((material: TlsMaterial) => void)[] = [];
  let material = readMaterial(files);
  let expiresAtMs = expiryOf(material);
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let said = '';
  tellOfExpiry();

  function look(): void {
    tellOfExpiry();
    try {
      const found = readMaterial(files);
      if (found.cert === material.cert && found.key === material.key && found.ca === material.ca) return;
      material = found;
    } catch (error) {
      logger.warn({ err: error }, 'the new certificate can not be used; the old one stays');
      return;
    }
    for (const listener of listeners) listener(material);
    logger.info({ certificate: files.certificateFile }, 'the certificate was replaced');
    expiresAtMs = expiryOf(material);
    toldAtMs = Number.NEGATIVE_INFINITY;
    tellOfExpiry();
  }

  function tellOfExpiry(): void {
    const nowMs = clock();
    const says = nowMs >= expiresAtMs ? 'the certificate has expired' : 'the certificate expires soon';
    if (nowMs - toldAtMs < DAY_MS && says === said) return;
    const daysLeft = Math.floor((expiresAtMs - nowMs) / DAY_MS);
    if (daysLeft >= EXPIRES_SOON_DAYS) return;
    toldAtMs = nowMs;
    said = says;
    logger.warn({ certificate: files.certificateFile, daysLeft }, says);
  }

  const timer = setInterval(look, options.lookEveryMs ?? LOOK_EVERY_MS);
  // Nothing ends later because somebody still looks at files.
  timer.unref();
  return {
    current: () => material,
    onChange: (listener) => void listeners.push(listener),
    isExpired: () => clock() >= expiresAtMs,
    close: () => clearInterval(timer),
  };
}

function readMaterial(files: TlsFiles): TlsMaterial {
  const ca = files.caFile === undefined ? {} : { ca: readPem(files.caFile) };
  const material = { cert: readPem(files.certificateFile), key: readPem(files.keyFile), ...ca };
  try {
    createSecureContext(material);
    return material;
  } catch (cause) {
    const message = `the certificate in ${files.certificateFile} and the key in ${files.keyFile} are not a pair`;
    throw new Fault('setting-invalid', message, { cause });
  }
}

function expiryOf({ cert }: TlsMaterial): number {
  return new X509Certificate(cert).validToDate.getTime();
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Fault('setting-invalid', `the file ${file} can not be read; npm run certs makes certificates`);
  }
}
