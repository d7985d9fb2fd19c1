/** Name of the container that collects traces. */
export const COLLECTOR = "trace-collector";

/**
 * Environment variables of a program with traces. The collector listens for OTLP over HTTP, within the task.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function traceVariables(serviceName: string): Readonly<Record<string, string>> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    // The load balancer sends the header of X-Ray.
    OTEL_PROPAGATORS: "xray,tracecontext,baggage",
    OTEL_SERVICE_NAME: serviceName,
  };
}
