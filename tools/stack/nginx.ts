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

function configOf({ folder, certs, ports, addresses, primary, standby }: NginxPlace): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${join(folder, `${name}-temp`)};`)
    .join('\n');
  return `load_module ${NEEDED.nginxStream.program};
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log stderr warn;
events {
  worker_connections 4096;
}

${streamOf({ ports, addresses, primary, standby })}
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
    server 127.0.0.1:${addresses.gateway} max_fails=3 fail_timeout=${LEFT_OUT_SECONDS}s;
    server 127.0.0.1:${addresses.gateway2} max_fails=3 fail_timeout=${LEFT_OUT_SECONDS}s;
    keepalive 64;
  }

  # For its exporter: how many connections there are, and nothing else.
  server {
    listen 127.0.0.1:${ports.nginxStatus};
    location = /status {
      stub_status;
    }
    location / {
      return 404;
    }
  }

  server {
    listen 127.0.0.1:${ports.edge} ssl http2;
    server_name localhost;
    ssl_certificate ${join(certs, 'edge.pem')};
    ssl_certificate_key ${join(certs, 'edge-key.pem')};
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

/** What is passed on as it is: ledgers, and the two servers of PostgreSQL. */
function streamOf({ ports, addresses, primary, standby }: Omit<NginxPlace, 'folder' | 'certs'>): string {
  return `stream {
  upstream ledgers {
    least_conn;
    server 127.0.0.1:${addresses.transactions} max_fails=3 fail_timeout=${LEFT_OUT_SECONDS}s;
    server 127.0.0.1:${addresses.transactions2} max_fails=3 fail_timeout=${LEFT_OUT_SECONDS}s;
  }
  server {
    listen 127.0.0.1:${ports.ledgers};
    proxy_connect_timeout 1s;
    proxy_pass ledgers;
  }
  # A connection of a pool may rest for long; whoever holds it ends it.
  proxy_timeout 1d;
  server {
    listen 127.0.0.1:${ports.primary};
    proxy_connect_timeout 1s;
    proxy_pass 127.0.0.1:${ports[primary]};
  }
  server {
    listen 127.0.0.1:${ports.standby};
    proxy_connect_timeout 1s;
    proxy_pass 127.0.0.1:${ports[standby]};
  }
}
`;
}
