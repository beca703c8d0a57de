import { join } from 'node:path';
import type { TlsFiles } from '@florin/http';

/** Where `npm run certs` puts the certificate for the public port of this machine. */
export function edgeFiles(home: string): TlsFiles {
  const folder = join(home, 'certs');
  return { certificateFile: join(folder, 'edge.pem'), keyFile: join(folder, 'edge-key.pem') };
}
