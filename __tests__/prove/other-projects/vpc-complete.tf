# A network in the way of examples/complete of terraform-aws-modules/terraform-aws-vpc (Apache-2.0), written anew: subnets by count, one NAT
# gateway for all zones, and a route through it for the databases.
provider "aws" {
  region = local.region
}

data "aws_availability_zones" "available" {}

variable "single_nat_gateway" {
  type    = bool
  default = true
}

variable "secondary_cidr_blocks" {
  type    = list(string)
  default = []
}

locals {
  name     = "ex-${basename(path.cwd)}"
  region   = "eu-west-1"
  vpc_cidr = "10.0.0.0/16"
  azs      = slice(data.aws_availability_zones.available.names, 0, 3)

  private_subnets     = [for index, zone in local.azs : cidrsubnet(local.vpc_cidr, 8, index)]
  public_subnets      = [for index, zone in local.azs : cidrsubnet(local.vpc_cidr, 8, index + 4)]
  database_subnets    = [for index, zone in local.azs : cidrsubnet(local.vpc_cidr, 8, index + 8)]
  elasticache_subnets = [for index, zone in local.azs : cidrsubnet(local.vpc_cidr, 8, index + 12)]

  gateways = var.single_nat_gateway ? 1 : length(local.azs)
  vpc_id   = try(aws_vpc_ipv4_cidr_block_association.this[0].vpc_id, aws_vpc.this[0].id, "")
}

resource "aws_vpc" "this" {
  count                = 1
  cidr_block           = local.vpc_cidr
  enable_dns_hostnames = true
}

resource "aws_vpc_ipv4_cidr_block_association" "this" {
  count      = length(var.secondary_cidr_blocks)
  vpc_id     = aws_vpc.this[0].id
  cidr_block = element(var.secondary_cidr_blocks, count.index)
}

resource "aws_internet_gateway" "this" {
  count  = length(local.public_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_subnet" "public" {
  count                = length(local.public_subnets)
  vpc_id               = local.vpc_id
  cidr_block           = element(concat(local.public_subnets, [""]), count.index)
  availability_zone    = element(local.azs, count.index)
  availability_zone_id = null
}

resource "aws_subnet" "private" {
  count             = length(local.private_subnets)
  vpc_id            = local.vpc_id
  cidr_block        = local.private_subnets[count.index]
  availability_zone = element(local.azs, count.index)
  tags              = merge({ Name = format("%s-private-%s", local.name, element(local.azs, count.index)) }, { Tier = "private" })
}

resource "aws_subnet" "database" {
  count             = length(local.database_subnets)
  vpc_id            = local.vpc_id
  cidr_block        = local.database_subnets[count.index]
  availability_zone = element(local.azs, count.index)
}

resource "aws_subnet" "elasticache" {
  count             = length(local.elasticache_subnets)
  vpc_id            = local.vpc_id
  cidr_block        = local.elasticache_subnets[count.index]
  availability_zone = element(local.azs, count.index)
}

resource "aws_route_table" "public" {
  count  = 1
  vpc_id = local.vpc_id
}

resource "aws_route" "public_internet_gateway" {
  count                  = length(aws_internet_gateway.this)
  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_eip" "nat" {
  count = local.gateways
}

resource "aws_nat_gateway" "this" {
  count         = local.gateways
  allocation_id = element(aws_eip.nat[*].id, var.single_nat_gateway ? 0 : count.index)
  subnet_id     = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route_table" "private" {
  count  = local.gateways
  vpc_id = local.vpc_id
}

resource "aws_route" "private_nat_gateway" {
  count                  = local.gateways
  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route_table" "database" {
  count  = var.single_nat_gateway ? 1 : length(local.database_subnets)
  vpc_id = local.vpc_id
}

resource "aws_route" "database_nat_gateway" {
  count                  = var.single_nat_gateway ? 1 : length(local.database_subnets)
  route_table_id         = element(aws_route_table.database[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route_table_association" "public" {
  count          = length(local.public_subnets)
  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = aws_route_table.public[0].id
}

resource "aws_route_table_association" "private" {
  count          = length(local.private_subnets)
  subnet_id      = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route_table_association" "database" {
  count          = length(local.database_subnets)
  subnet_id      = element(aws_subnet.database.*.id, count.index)
  route_table_id = element(coalescelist(aws_route_table.database[*].id, aws_route_table.private[*].id), count.index)
}

resource "aws_db_subnet_group" "database" {
  count      = length(local.database_subnets) > 0 ? 1 : 0
  name       = lower("${local.name}-db")
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_elasticache_subnet_group" "elasticache" {
  count      = 1
  name       = "${local.name}-elasticache"
  subnet_ids = aws_subnet.elasticache[*].id
}
