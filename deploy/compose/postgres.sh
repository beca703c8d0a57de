#!/bin/sh
# Starts PostgreSQL 15 as the one that leads (`postgres.sh primary`) or as the one that follows it (`postgres.sh standby`), and
# makes its data the first time: a new cluster, or a copy. Settings, certificates and passwords were made by the set-up.
set -eu
export PATH="$PATH:/usr/lib/postgresql/15/bin"
data=/var/lib/postgresql/data/cluster
# The server takes no key that others may read.
install -m 0600 /run/florin/postgres-key.pem /tmp/postgres-key.pem
if [ ! -f "$data/PG_VERSION" ]; then
  # What was left half made is made anew.
  rm -rf "$data"
  case "$1" in
    primary)
      initdb -D "$data" --username=postgres --pwfile=/run/florin/password --auth=scram-sha-256 --data-checksums \
        --encoding=UTF8 --locale=C.UTF-8
      ;;
    standby)
      pg_basebackup -D "$data" -d "$(cat /run/florin/primary.conninfo)" -R -X stream -c fast -S standby
      ;;
  esac
fi
exec postgres -D "$data" -c config_file=/run/florin/postgresql.conf
