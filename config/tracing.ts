/** Name of the container that collects traces. */
export const COLLECTOR = "trace-collector";

/** Where the collector listens for OTLP over HTTP, within the task. @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port */
export const OTLP_ENDPOINT = "http://localhost:4318";

/** Environment variables of a program with traces. @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export const TRACE_VARIABLES: readonly string[] = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_PROTOCOL",
  "OTEL_PROPAGATORS",
  "OTEL_SERVICE_NAME",
];
