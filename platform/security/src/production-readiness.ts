/** Stands in every secret that a bank on one machine makes for itself, and in the id of every such key. */
export const DEVELOPMENT_MARK = 'development-';

/** The common name of the authority of `npm run certs`, and so the issuer in each of its certificates. */
export const DEVELOPMENT_AUTHORITY = 'Florin development CA';

/** What the role of a database connection may do besides what it was granted. */
export interface RoleFacts {
  readonly isSuperuser: boolean;
  /** The database or one of its tables is this role's, or it may become the role whose they are. */
  readonly isOwner: boolean;
}

/** What a process knows of itself before it opens a port. Names are those of settings; what they hold is never said. */
export interface ProductionFacts {
  /** The address people use, where the process has to know it. */
  readonly publicUrl?: string;
  /** Who ends TLS for the public port: the process, a proxy it trusts, or nobody. Absent without a public port. */
  readonly publicTls?: 'here' | 'proxy' | 'nobody';
  /** Everything secret, and the public keys that are trusted, as text. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The issuers in the certificates it uses. */
  readonly certificateIssuers: Readonly<Record<string, string>>;
  /** Whether it has a certificate to show to other processes. */
  readonly hasPeerCertificate: boolean;
  /** Where other processes answer. */
  readonly peerUrls: Readonly<Record<string, string>>;
  /** The databases as the role that serves requests; the roles once they were asked for. */
  readonly databases: readonly { readonly setting: string; readonly url: string; readonly role?: RoleFacts }[];
  readonly isPostgresEmbedded: boolean;
  readonly makesDemoPeople: boolean;
  /** Whether who has no second factor pays without one; absent where nobody pays. */
  readonly mayPayUnconfirmed?: boolean;
  /** Where mail goes, of a process that sends some. */
  readonly mail?: 'server' | 'folder' | 'nowhere';
}

/**
 * Why a process must not run in production: a sentence for each cause, none when it may. A pure look at what is known; who
 * asks gathers the facts, and stops.
 */
export function decideProductionReadiness(facts: ProductionFacts): readonly string[] {
  return [
    ...publicReasons(facts),
    ...keyReasons(facts),
    ...peerReasons(facts),
    ...databaseReasons(facts),
    ...mailReasons(facts),
  ];
}

function publicReasons({ publicUrl, publicTls, makesDemoPeople, mayPayUnconfirmed }: ProductionFacts): string[] {
  const reasons: string[] = [];
  if (publicUrl !== undefined && URL.parse(publicUrl)?.protocol !== 'https:') {
    reasons.push('FLORIN_PUBLIC_URL is not https');
  }
  if (publicTls === 'nobody') {
    reasons.push(
      'the public port speaks plain http: set FLORIN_TLS_CERTIFICATE_FILE, or FLORIN_TRUSTED_PROXIES to a proxy that has a certificate',
    );
  }
  if (makesDemoPeople) reasons.push('it would make demo users with money: start it with --empty');
  if (mayPayUnconfirmed === true) {
    reasons.push('payments are made without a second factor: set FLORIN_STRONG_AUTHENTICATION to always');
  }
  return reasons;
}

function keyReasons({ secrets, certificateIssuers }: ProductionFacts): string[] {
  const marked = Object.entries(secrets).filter(([, text]) => text.includes(DEVELOPMENT_MARK));
  const issued = Object.entries(certificateIssuers).filter(([, issuer]) => issuer.includes(DEVELOPMENT_AUTHORITY));
  return [
    ...marked.map(([name]) => `${name} holds a secret or a key that was made for development`),
    ...issued.map(([name]) => `${name} is a certificate of the development authority`),
  ];
}

function peerReasons({ hasPeerCertificate, peerUrls }: ProductionFacts): string[] {
  const plain = Object.entries(peerUrls).filter(([, url]) => URL.parse(url)?.protocol !== 'https:');
  return [
    ...(hasPeerCertificate ? [] : ['it has no certificate for other processes: set FLORIN_PEER_CERTIFICATE_FILE']),
    ...plain.map(([name]) => `${name} is not https`),
  ];
}

function databaseReasons({ databases, isPostgresEmbedded }: ProductionFacts): string[] {
  const reasons = databases.flatMap(({ setting, url, role }) => [
    ...(isVerified(url)
      ? []
      : [`${setting} reaches another machine without sslmode=verify-full: set FLORIN_POSTGRES_CA_FILE`]),
    ...(role?.isSuperuser ? [`${setting} signs in as a superuser, or as good as one`] : []),
    ...(role?.isOwner && !role.isSuperuser ? [`${setting} signs in as the owner of the tables`] : []),
  ]);
  return isPostgresEmbedded
    ? [
        ...reasons,
        'PostgreSQL is the one that came with the installation: set FLORIN_POSTGRES_URL to a server of yours',
      ]
    : reasons;
}

function mailReasons({ mail }: ProductionFacts): string[] {
  if (mail === 'folder') return ['FLORIN_MAIL_URL is a folder, and its mail reaches nobody: set it to a mail server'];
  return mail === 'nowhere' ? ['no mail leaves, so nobody could reset a password: set FLORIN_MAIL_URL'] : [];
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '']);

/** Whether nobody between here and the database can read along: the same machine, or TLS that looks at the name. */
function isVerified(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return LOOPBACK_HOSTS.has(url.hostname) || url.searchParams.get('sslmode') === 'verify-full';
}
