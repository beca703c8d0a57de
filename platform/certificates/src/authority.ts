import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock } from '@florin/primitives';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its private key (PKCS #8), both as PEM text. */
export interface Pem {
  readonly certificate: string;
  readonly key: string;
}

export type Purpose = 'server' | 'client';

/** What a certificate is to say. */
export interface CertificateRequest {
  /** For people who read the certificate; nothing is decided by it. */
  readonly commonName: string;
  /** The names it is good for: DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly purposes: readonly Purpose[];
  readonly fromMs: number;
  readonly untilMs: number;
}

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };

/** Whoever reads a certificate a moment after it was made may have a clock that is behind. */
const CLOCK_SKEW_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * A new certificate authority (RFC 5280) with an EC P-256 key. It can vouch for the names given, for names below them and
 * for the ranges of addresses, and for nothing else (section 4.2.1.10): whoever trusts it need not fear for the rest of the
 * internet when its key is lost.
 *
 * @param options.addresses ranges: `127.0.0.0/8`
 */
export async function newAuthority(options: {
  readonly commonName: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly days: number;
  readonly clock: Clock;
}): Promise<Pem> {
  const keys = await newKeys();
  const nowMs = options.clock();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${options.commonName}`,
    keys,
    notBefore: new Date(nowMs - CLOCK_SKEW_MS),
    notAfter: new Date(nowMs + options.days * DAY_MS),
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      nameConstraints(options.names, options.addresses),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pemOf(certificate, keys.privateKey);
}

/** A certificate of an authority, for a new EC P-256 key. */
export async function issueCertificate(authority: Pem, request: CertificateRequest): Promise<Pem> {
  const keys = await newKeys();
  const issuer = new X509Certificate(authority.certificate);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${request.commonName}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    notBefore: new Date(request.fromMs - CLOCK_SKEW_MS),
    notAfter: new Date(request.untilMs),
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(
        request.purposes.map((purpose) => ExtendedKeyUsage[purpose === 'server' ? 'serverAuth' : 'clientAuth']),
      ),
      new SubjectAlternativeNameExtension(
        request.names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
      ),
      await AuthorityKeyIdentifierExtension.create(issuer),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pemOf(certificate, keys.privateKey);
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

/** Critical, as RFC 5280 demands: who does not understand it must not accept what the authority signed. */
function nameConstraints(names: readonly string[], addresses: readonly string[]): Extension {
  const permitted = [
    ...names.map((dNSName) => new GeneralName({ dNSName })),
    ...addresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ].map((name) => new GeneralSubtree({ base: name }));
  const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted) });
  return new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints));
}

function importKey(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return crypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, false, ['sign']);
}

async function pemOf(certificate: X509Certificate, privateKey: CryptoKey): Promise<Pem> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return { certificate: `${certificate.toString('pem')}\n`, key: key.toString() };
}
