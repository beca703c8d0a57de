# Stands in for the images of PostgreSQL, Redis, NGINX, Prometheus and Kafka where no registry can be reached: one image of
# Debian's packages, with the users, folders and paths that compose.yaml finds in the real ones. Never to be published.
FROM debian:bookworm-slim
# As in its image; Debian's package keeps a user that is there.
RUN groupadd -g 999 postgres && useradd -u 999 -g postgres -d /var/lib/postgresql -s /bin/bash postgres
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    postgresql-15 redis-server nginx libnginx-mod-stream prometheus openjdk-17-jre-headless \
  && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15 \
  && mkdir -p /var/lib/postgresql/data /var/lib/kafka/data /prometheus \
  && chown 999:999 /var/lib/postgresql/data && chown 1000:1000 /var/lib/kafka/data && chown 65534:65534 /prometheus
COPY jars /opt/kafka/libs
