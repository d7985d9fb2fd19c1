import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { DELETED_LAST } from "../state/lifecycle";

export interface NamespaceProps {
  /** `dns`: private DNS names with a short TTL. `service-connect`: a proxy in each task. */
  readonly kind: "dns" | "service-connect";
  /** Name of the private DNS namespace, with which its names end: `<suffix>.internal`. Changing it replaces the namespace and every registration. */
  readonly domain: string;
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** ID of the VPC in which private DNS names resolve. Changing it replaces the namespace. */
  readonly vpcId: string;
}

/** AWS Cloud Map namespace in which the services of one VPC discover each other. */
export class Namespace extends Construct {
  private readonly kind: NamespaceProps["kind"];
  private readonly resource: ServiceDiscoveryPrivateDnsNamespace | ServiceDiscoveryHttpNamespace;

  constructor(scope: Construct, id: string, { kind, domain, vpcId, names }: NamespaceProps) {
    super(scope, id);
    this.kind = kind;
    const description = "Services of this environment";
    // Cloud Map rejects a second namespace of one name, and both exist while one kind replaces the other.
    const httpName = names.of("service_discovery_http_namespace");
    this.resource =
      kind === "dns"
        ? new ServiceDiscoveryPrivateDnsNamespace(this, "dns", { name: domain, vpc: vpcId, description, lifecycle: DELETED_LAST })
        : new ServiceDiscoveryHttpNamespace(this, "http", { name: httpName, description, lifecycle: DELETED_LAST });
  }

  /** Settings of a service that is registered in the namespace. @param name by which clients call it: `ledger` */
  discoverable(name: string): Discoverable {
    return { kind: this.kind, namespace: { id: this.resource.id, arn: this.resource.arn }, name };
  }
}

export interface Discoverable {
  readonly kind: NamespaceProps["kind"];
  readonly namespace: { readonly id: string; readonly arn: string };
  readonly name: string;
}

export interface DiscoveryProps extends Discoverable {
  /** TCP port of the service. */
  readonly port: number;
  /** Region of the resources, as in ARNs and metrics. */
  readonly region: string;
  /** Name of the log group of the proxy of Service Connect. */
  readonly logGroup: string;
}

/** Seconds for which clients may cache an address. */
const TTL_SECONDS = 10;

/**
 * Registration of one service in a namespace.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/interconnecting-services.html
 */
export class Discovery extends Construct {
  /** Arguments of the ECS service. */
  readonly arguments: Pick<EcsServiceConfig, "serviceRegistries" | "serviceConnectConfiguration">;

  constructor(scope: Construct, id: string, props: DiscoveryProps) {
    super(scope, id);
    this.arguments = props.kind === "dns" ? { serviceRegistries: this.registry(props) } : { serviceConnectConfiguration: connect(props) };
  }

  private registry({ name, namespace }: DiscoveryProps): { registryArn: string } {
    const registry = new ServiceDiscoveryService(this, "registry", {
      name,
      dnsConfig: {
        namespaceId: namespace.id,
        routingPolicy: "MULTIVALUE",
        dnsRecords: [{ type: "A", ttl: TTL_SECONDS }],
      },
      // ECS deregisters unhealthy tasks. Route 53 health checks cannot reach private addresses.
      healthCheckCustomConfig: { failureThreshold: 1 },
      forceDestroy: true,
      lifecycle: DELETED_LAST,
    });
    return { registryArn: registry.arn };
  }
}

function connect({
  name,
  namespace,
  port,
  region,
  logGroup,
}: DiscoveryProps): NonNullable<EcsServiceConfig["serviceConnectConfiguration"]> {
  return {
    enabled: true,
    namespace: namespace.arn,
    // The name of the task's port mapping.
    service: [{ portName: "http", discoveryName: name, clientAlias: { dnsName: name, port } }],
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": logGroup, "awslogs-region": region, "awslogs-stream-prefix": "service-connect" },
    },
  };
}
