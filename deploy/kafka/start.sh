#!/usr/bin/env bash
# Starts the broker; the first time it makes its folder, with the user `customs`.
set -euo pipefail
kafka=${KAFKA_HOME:-/opt/kafka} properties=${KAFKA_PROPERTIES:-/deploy/server.properties}
data=$(sed -n 's/^log\.dirs=//p' "$properties")

if [ ! -e "$data/meta.properties" ]; then
  # Kafka's tool takes the password as an argument: seen within the container, this once
  "$kafka/bin/kafka-storage.sh" format --cluster-id "$("$kafka/bin/kafka-storage.sh" random-uuid)" \
    --config "$properties" --add-scram "SCRAM-SHA-512=[name=customs,password=$CUSTOMS_PASSWORD]"
fi
unset CUSTOMS_PASSWORD
exec "$kafka/bin/kafka-server-start.sh" "$properties"
