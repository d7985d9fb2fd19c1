import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Construct } from "constructs";

export interface NamespaceProps {
  /** `dns`: private names, asked for anew every few seconds. `service-connect`: a proxy beside each task. */
  readonly kind: "dns" | "service-connect";
  /** What names end in: `<suffix>.internal`. Changing it replaces every service's registration. */
  readonly domain: string;
  readonly vpcId: string;
}

/** Names under which services of one VPC find each other, in Cloud Map. */
export class Namespace extends Construct {
  private readonly kind: NamespaceProps["kind"];
  private readonly resource: ServiceDiscoveryPrivateDnsNamespace | ServiceDiscoveryHttpNamespace;

  constructor(scope: Construct, id: string, { kind, domain, vpcId }: NamespaceProps) {
    super(scope, id);
    this.kind = kind;
    const description = "Services of this environment";
    this.resource =
      kind === "dns"
        ? new ServiceDiscoveryPrivateDnsNamespace(this, "dns", { name: domain, vpc: vpcId, description })
        : new ServiceDiscoveryHttpNamespace(this, "names", { name: domain, description });
  }

  /** What a service needs to be found here. @param name as callers say it: `ledger` */
  entry(name: string): Discoverable {
    return { kind: this.kind, namespace: { id: this.resource.id, arn: this.resource.arn }, name };
  }
}

export interface Discoverable {
  readonly kind: NamespaceProps["kind"];
  readonly namespace: { readonly id: string; readonly arn: string };
  readonly name: string;
}

export interface DiscoveryProps extends Discoverable {
  readonly port: number;
  readonly region: string;
  readonly logGroup: string;
}

/** Seconds for which callers may keep an address. */
const TTL_SECONDS = 10;

/**
 * One service's entry in a namespace.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/interconnecting-services.html
 */
export class Discovery extends Construct {
  /** What the ECS service says of it. */
  readonly arguments: Pick<EcsServiceConfig, "serviceRegistries" | "serviceConnectConfiguration">;

  constructor(scope: Construct, id: string, props: DiscoveryProps) {
    super(scope, id);
    this.arguments = props.kind === "dns" ? { serviceRegistries: this.registry(props) } : { serviceConnectConfiguration: connect(props) };
  }

  private registry({ name, namespace }: DiscoveryProps): { registryArn: string } {
    const registry = new ServiceDiscoveryService(this, "entry", {
      name,
      dnsConfig: {
        namespaceId: namespace.id,
        routingPolicy: "MULTIVALUE",
        dnsRecords: [{ type: "A", ttl: TTL_SECONDS }],
      },
      // ECS takes tasks out that are not well, instead of Route 53, which could not reach them.
      healthCheckCustomConfig: { failureThreshold: 1 },
      forceDestroy: true,
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
