import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Daemon } from './daemon.ts';
import { NEEDED } from './packages.ts';
import type { StackPort, StackPorts } from './ports.ts';
import { isListening } from './reachable.ts';

export interface NginxPlace {
  readonly folder: string;
  readonly certs: string;
  readonly ports: StackPorts;
  /** Where it finds gateways and ledgers: their ports, or those of proxies in front of them. */
  readonly addresses: StackPorts;
  /** The servers of PostgreSQL behind the addresses of the primary and the standby. */
  readonly primary: StackPort;
  readonly standby: StackPort;
}

const READY_MS = 10_000;
/** How long a server is left out that refused three connections within as long. A process that is back is used after this. */
export const LEFT_OUT_SECONDS = 1;

/**
 * The edge: TLS and HTTP/2 in front of two gateways, and more addresses in front of two ledgers, of the primary and of the
 * standby, passed on as the bytes of TLS, as Kubernetes services do. A server that refuses connections is left out for a second.
 */
export function nginxDaemon(place: NginxPlace): Daemon {
  const { folder, ports } = place;
  const configFile = writeNginxConfig(place);
  return {
    name: 'nginx',
    command: NEEDED.nginx.program,
    args: ['-p', folder, '-e', 'stderr', '-c', configFile, '-g', 'daemon off;'],
    isReady: () => isListening(ports.edge),
    readyMs: READY_MS,
  };
}

/** Writes its settings and answers their file. On SIGHUP it reads them again: open connections stay, new ones go by them. */
export function writeNginxConfig(place: NginxPlace): string {
  const { folder } = place;
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const configFile = join(folder, 'nginx.conf');
  writeFileSync(configFile, configOf(place));
  return configFile;
}

/** Where the edge finds what is behind it, and where it listens: `host:port`, and files and folders of its machine. */
export interface EdgeAddresses {
  /** What loads the module for streams. */
  readonly modules: string;
  readonly pidFile: string;
  readonly temporaryFolder: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly listen: string;
  readonly gateways: readonly string[];
  readonly ledgers: readonly string[];
  /** Each address it listens at for others of this bank, and the one it passes on to. */
  readonly ledgersListen: string;
  readonly databases: readonly { readonly listen: string; readonly server: string }[];
  /** Where its exporter asks how many connections there are; nowhere when absent. */
  readonly statusListen?: string;
}

function configOf({ folder, certs, ports, addresses, primary, standby }: NginxPlace): string {
  const at = (port: number) => `127.0.0.1:${port}`;
  return edgeConfig({
    modules: `load_module ${NEEDED.nginxStream.program};`,
    pidFile: join(folder, 'nginx.pid'),
    temporaryFolder: folder,
    certificateFile: join(certs, 'edge.pem'),
    keyFile: join(certs, 'edge-key.pem'),
    listen: at(ports.edge),
    gateways: [at(addresses.gateway), at(addresses.gateway2)],
    ledgers: [at(addresses.transactions), at(addresses.transactions2)],
    ledgersListen: at(ports.ledgers),
    statusListen: at(ports.nginxStatus),
    databases: [
      { listen: at(ports.primary), server: at(ports[primary]) },
      { listen: at(ports.standby), server: at(ports[standby]) },
    ],
  });
}

/** The settings of NGINX, wherever the servers are. */
export function edgeConfig(edge: EdgeAddresses): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${join(edge.temporaryFolder, `${name}-temp`)};`)
    .join('\n');
  return `${edge.modules}
worker_processes 1;
pid ${edge.pidFile};
error_log stderr warn;
events {
  worker_connections 4096;
}

${streamOf(edge)}
http {
  access_log off;
  server_tokens off;
  # A program that pays all day keeps its connection; by default it would be closed after a thousand requests.
  keepalive_requests 100000;
${temporary}
  # Answers to a replay, an export or a stream are passed on as they come.
  proxy_buffering off;
  client_max_body_size 2m;

  upstream gateways {
    zone gateways 64k;
    least_conn;
${serversOf(edge.gateways)}
    keepalive 64;
  }

${statusOf(edge)}  server {
    listen ${edge.listen} ssl http2;
    server_name localhost;
    ssl_certificate ${edge.certificateFile};
    ssl_certificate_key ${edge.keyFile};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:edge:4m;
    ssl_session_timeout 1h;
    location / {
      proxy_pass http://gateways;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      # With the port: the issuer is known by it.
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      proxy_connect_timeout 1s;
      # Streams end by themselves; nothing else takes so long.
      proxy_read_timeout 1h;
      # What was not sent yet, and what may be sent twice by its method, goes to the other gateway. A POST never does.
      proxy_next_upstream error timeout http_502;
      proxy_next_upstream_tries 2;
    }
  }
}
`;
}

/** For its exporter: how many connections there are, and nothing else. */
function statusOf({ statusListen }: EdgeAddresses): string {
  if (statusListen === undefined) return '';
  return `  server {
    listen ${statusListen};
    location = /status {
      stub_status;
    }
    location / {
      return 404;
    }
  }

`;
}

function serversOf(addresses: readonly string[]): string {
  return addresses.map((address) => `    server ${address} max_fails=3 fail_timeout=${LEFT_OUT_SECONDS}s;`).join('\n');
}

/** What is passed on as it is: ledgers, and the servers of PostgreSQL. */
function streamOf({ ledgers, ledgersListen, databases }: EdgeAddresses): string {
  const passedOn = databases.map(
    ({ listen, server }) => `  server {
    listen ${listen};
    proxy_connect_timeout 1s;
    proxy_pass ${server};
  }
`,
  );
  return `stream {
  upstream ledgers {
    least_conn;
${serversOf(ledgers)}
  }
  server {
    listen ${ledgersListen};
    proxy_connect_timeout 1s;
    proxy_pass ledgers;
  }
  # A connection of a pool may rest for long; whoever holds it ends it.
  proxy_timeout 1d;
${passedOn.join('')}}
`;
}
