import { firstTwo, ref, type Sabotage, to } from "./sabotage";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const ACL_RULE = "aws_network_acl_rule";

export const FLOW_SABOTAGES: readonly Sabotage[] = [
  { claim: "R6", type: INGRESS, id: /^service_security-group_from-load-balancer/, path: "to_port", becomes: to(65535) },
  { claim: "R6", type: INGRESS, id: /^service_security-group_from-load-balancer/, path: "ip_protocol", becomes: to("-1") },
  { claim: "R6", type: INGRESS, id: /^database_security-group_from/, path: "from_port", becomes: to(22) },
  {
    claim: "R6",
    type: INGRESS,
    id: /^database_security-group_from/,
    path: "referenced_security_group_id",
    becomes: ref("aws_security_group", /load-balancer/),
  },
  {
    claim: "R6",
    type: INGRESS,
    id: /from-clients.*http$/,
    path: "security_group_id",
    becomes: ref("aws_security_group", /^service_security/),
  },
  { claim: "R6", type: INGRESS, id: /from-clients.*http$/, path: "from_port", becomes: to(22) },
  { claim: "R6", type: INGRESS, id: /from-clients.*http$/, path: "to_port", becomes: to(8080) },
  { claim: "R6", type: INGRESS, id: /from-clients.*http$/, path: "ip_protocol", becomes: to("udp") },
  { claim: "R6", type: EGRESS, id: /^service_security-group_to-outbound/, path: "from_port", becomes: to(0) },
  { claim: "R6", type: EGRESS, id: /^service_security-group_to-outbound/, path: "ip_protocol", becomes: to("-1") },
  {
    claim: "R6",
    type: EGRESS,
    id: /^service_security-group_to-outbound/,
    path: "security_group_id",
    becomes: ref("aws_security_group", /^database_security/),
  },
  { claim: "R6", type: EGRESS, id: /load-balancer_security-group_to-service/, path: "to_port", becomes: to(65535) },
  {
    claim: "R6",
    type: "aws_default_security_group",
    id: /./,
    path: "ingress",
    becomes: to([{ protocol: "-1", self: true, from_port: 0, to_port: 0 }]),
  },
  {
    claim: "R6",
    type: "aws_security_group",
    id: /^database/,
    path: "ingress",
    becomes: to([{ protocol: "tcp", cidr_blocks: ["0.0.0.0/0"], from_port: 22, to_port: 22 }]),
  },
  { claim: "R6", type: ACL_RULE, id: /data_queries-from-tasks$/, path: "cidr_block", becomes: to("0.0.0.0/0") },
  { claim: "R6", type: ACL_RULE, id: /data_queries-from-tasks$/, path: "to_port", becomes: to(65535) },
  { claim: "R6", type: ACL_RULE, id: /data_return-traffic-to-tasks$/, path: "cidr_block", becomes: to("0.0.0.0/0") },
  { claim: "R6", type: ACL_RULE, id: /public_clients-https$/, path: "from_port", becomes: to(22) },
  { claim: "R6", type: ACL_RULE, id: /public_clients-https$/, path: "protocol", becomes: to("-1") },
  { claim: "R6", type: ACL_RULE, id: /public_nat-https$/, path: "from_port", becomes: to(25) },
  { claim: "R6", type: ACL_RULE, id: /application_requests-from-load-balancer$/, path: "from_port", becomes: to(80) },
  { claim: "R6", type: ACL_RULE, id: /public_path-mtu-discovery-in$/, path: "icmp_type", becomes: to(-1) },
  { claim: "R6", type: "aws_network_acl", id: /data/, path: "subnet_ids", becomes: firstTwo },
  { claim: "R7", type: ACL_RULE, id: /public_path-mtu-discovery-in$/, path: "rule_action", becomes: to("deny") },
  { claim: "R7", type: ACL_RULE, id: /public_path-mtu-discovery-out$/, path: "egress", becomes: to(false) },
  { claim: "R7", type: ACL_RULE, id: /application_path-mtu-discovery-in$/, path: "icmp_code", becomes: to(1) },
  { claim: "R7", type: ACL_RULE, id: /application_path-mtu-discovery-out$/, path: "cidr_block", becomes: to("10.0.0.0/8") },
  { claim: "R7", type: ACL_RULE, id: /public_path-mtu-discovery-in$/, path: "protocol", becomes: to("tcp") },
  { claim: "R7", type: ACL_RULE, id: /public_path-mtu-discovery-in$/, path: "network_acl_id", becomes: ref("aws_network_acl", /data/) },
];
