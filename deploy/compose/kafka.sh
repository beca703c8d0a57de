#!/bin/sh
# Starts one broker of Apache Kafka that is its own controller, and formats its data the first time.
set -eu
options='-Xms256m -Xmx512m -XX:+UseSerialGC -Dlog4j2.configurationFile=/run/florin/log4j2.properties'
settings=/run/florin/server.properties
if [ ! -f /var/lib/kafka/data/log/meta.properties ]; then
  # shellcheck disable=SC2086 # several words
  java $options -cp '/opt/kafka/libs/*' kafka.tools.StorageTool format --cluster-id="$(cat /run/florin/cluster-id)" -c "$settings"
fi
# shellcheck disable=SC2086
exec java $options -cp '/opt/kafka/libs/*' kafka.Kafka "$settings"
