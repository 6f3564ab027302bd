"""Apache Kafka: the only place that knows its clients."""
