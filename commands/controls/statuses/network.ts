import { ANYWHERE } from "../../../config/cidr";
import { type ControlStatus, ownedByAccount, met, unused } from "../status";
import { every, everyWhere } from "../check";
import { hasDifferent, is, isAbsent, isNot, references, related } from "../expectation";

const CLIENT_PORTS = [80, 443] as const;

/** VPC, security groups, network ACLs, and features of EC2 that are not used. */
export const NETWORK: readonly ControlStatus[] = [
  met(
    ["EC2.2", "vpc_default_security_group_restricts_all_traffic"],
    [every("aws_vpc", related("aws_default_security_group", "vpc_id", isAbsent("ingress"), isAbsent("egress")))],
  ),
  met(["EC2.6", "vpc_flow_logs_enabled"], [every("aws_vpc", related("aws_flow_log", "vpc_id", is("traffic_type", "ALL")))]),
  met(["EC2.15"], [every("aws_subnet", is("map_public_ip_on_launch", false))]),
  met(["EC2.16", "vpc_network_acl_unused"], [every("aws_network_acl", hasDifferent("subnet_ids", 1))]),
  met(
    ["EC2.18", "EC2.19", "vpc_security_group_restrict_ingress_common_ports_all", "vpc_security_group_restrict_ingress_ssh_all"],
    [
      everyWhere(
        "aws_vpc_security_group_ingress_rule",
        { cidr_ipv4: ANYWHERE },
        is("from_port", ...CLIENT_PORTS),
        is("to_port", ...CLIENT_PORTS),
      ),
      every("aws_vpc_security_group_ingress_rule", isNot("cidr_ipv6", "::/0")),
    ],
  ),
  met(["vpc_igw_attached_to_authorized_vpc"], [every("aws_internet_gateway", references("vpc_id", "aws_vpc"))]),
  unused(
    [
      "EC2.4",
      "EC2.8",
      "EC2.9",
      "EC2.17",
      "EC2.24",
      "ec2_instance_detailed_monitoring_enabled",
      "ec2_instance_iam_profile_attached",
      "ec2_instance_in_vpc",
      "ec2_instance_no_amazon_key_pair",
      "ec2_instance_not_publicly_accessible",
      "ec2_instance_protected_by_backup_plan",
      "ec2_instance_uses_imdsv2",
    ],
    ["aws_instance", "aws_spot_instance_request"],
    "All programs run on Fargate and Lambda.",
  ),
  unused(
    ["EC2.25", "EC2.170", "EC2.173", "EC2.181", "ec2_launch_template_not_publicly_accessible"],
    ["aws_launch_template", "aws_spot_fleet_request", "aws_ec2_fleet"],
    "All programs run on Fargate and Lambda.",
  ),
  unused(["EC2.1", "EC2.3"], ["aws_ebs_volume", "aws_ebs_snapshot", "aws_volume_attachment"], "There are no EBS volumes."),
  ownedByAccount(["EC2.7", "ec2_ebs_default_encryption_enabled"], "It is a setting of the account; the platform has no EBS volumes."),
  unused(["EC2.180"], ["aws_network_interface", "aws_network_interface_attachment"], "AWS services create all network interfaces."),
  unused(["EC2.20", "EC2.171", "vpc_vpn_tunnel_up"], ["aws_vpn_connection", "aws_vpn_gateway"], "There is no VPN."),
  unused(["EC2.51", "ec2_client_vpn_endpoint_client_connection_logging_enabled"], ["aws_ec2_client_vpn_endpoint"], "There is no VPN."),
  unused(
    ["EC2.23", "ec2_transit_gateway_auto_cross_account_attachment_disabled"],
    ["aws_ec2_transit_gateway"],
    "The VPC is not connected to other networks.",
  ),
  unused(
    ["EC2.58", "EC2.60"],
    ["aws_ssmincidents_replication_set", "aws_ssmincidents_response_plan", "aws_ssmcontacts_contact"],
    "Incident Manager is not used; alerts go to an SNS topic.",
  ),
  ownedByAccount(["EC2.172"], "It is a setting for all VPCs of a region, and blocks clients from the load balancer."),
  unused(
    ["SSM.1", "SSM.2", "SSM.3", "ssm_managed_instance_compliance_association_compliant", "ssm_managed_instance_compliance_patch_compliant"],
    ["aws_instance", "aws_ssm_activation", "aws_ssm_association"],
    "There are no managed instances; of Systems Manager, only parameters and documents are used.",
  ),
  met(["SSM.4", "ssm_document_prohibit_public_access"], [every("aws_ssm_document", isAbsent("permissions"))]),
  ownedByAccount(["SSM.6", "SSM.7"], "They are settings of the account. The documents of the platform contain no automation."),
];
