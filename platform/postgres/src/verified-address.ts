/**
 * The address of a database whose server must show a certificate of an authority, for the name in the address
 * (`sslmode=verify-full`). Whatever the address says about TLS itself is replaced. Without an authority it stays as it is.
 */
export function verifiedAddress(url: string, caFile: string | undefined): string {
  if (caFile === undefined || caFile === '') return url;
  const verified = new URL(url);
  verified.searchParams.set('sslmode', 'verify-full');
  verified.searchParams.set('sslrootcert', caFile);
  return verified.href;
}
