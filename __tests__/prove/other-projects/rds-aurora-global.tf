# A global database in the way of examples/global-cluster of terraform-aws-modules/terraform-aws-rds-aurora (Apache-2.0), written anew: two
# providers in one stack, instances by for_each without a zone, and security groups that let whole subnets in.
provider "aws" {
  region = local.primary_region
}

provider "aws" {
  alias  = "secondary"
  region = local.secondary_region
}

locals {
  name             = "ex-global"
  primary_region   = "eu-west-1"
  secondary_region = "us-east-1"
  primary_azs      = [for letter in ["a", "b", "c"] : "${local.primary_region}${letter}"]
  secondary_azs    = [for letter in ["a", "b", "c"] : "${local.secondary_region}${letter}"]
}

resource "aws_rds_global_cluster" "this" {
  global_cluster_identifier = local.name
  engine                    = "aurora-postgresql"
  engine_version            = "14.5"
  database_name             = "example_db"
  storage_encrypted         = true
}

resource "aws_vpc" "primary" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "secondary" {
  provider   = aws.secondary
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "primary" {
  count             = 3
  vpc_id            = aws_vpc.primary.id
  cidr_block        = cidrsubnet(aws_vpc.primary.cidr_block, 8, count.index + 6)
  availability_zone = local.primary_azs[count.index]
}

resource "aws_subnet" "secondary" {
  provider          = aws.secondary
  count             = 3
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 8, count.index + 6)
  availability_zone = local.secondary_azs[count.index]
}

resource "aws_db_subnet_group" "primary" {
  name       = local.name
  subnet_ids = aws_subnet.primary.*.id
}

resource "aws_db_subnet_group" "secondary" {
  provider   = aws.secondary
  name       = local.name
  subnet_ids = aws_subnet.secondary.*.id
}

resource "aws_security_group" "primary" {
  vpc_id = aws_vpc.primary.id
}

resource "aws_security_group" "secondary" {
  provider = aws.secondary
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_vpc_security_group_ingress_rule" "primary" {
  for_each          = { for index in range(3) : "private-az${index + 1}" => index }
  security_group_id = aws_security_group.primary.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = cidrsubnet(aws_vpc.primary.cidr_block, 8, each.value + 3)
}

resource "aws_rds_cluster" "primary" {
  cluster_identifier        = "${local.name}-primary"
  global_cluster_identifier = aws_rds_global_cluster.this.id
  engine                    = aws_rds_global_cluster.this.engine
  engine_version            = aws_rds_global_cluster.this.engine_version
  db_subnet_group_name      = aws_db_subnet_group.primary.name
  vpc_security_group_ids    = [aws_security_group.primary.id]
}

resource "aws_rds_cluster" "secondary" {
  provider                  = aws.secondary
  cluster_identifier        = "${local.name}-secondary"
  global_cluster_identifier = aws_rds_global_cluster.this.id
  engine                    = aws_rds_global_cluster.this.engine
  engine_version            = aws_rds_global_cluster.this.engine_version
  source_region             = local.primary_region
  db_subnet_group_name      = aws_db_subnet_group.secondary.name
  vpc_security_group_ids    = [aws_security_group.secondary.id]
}

resource "aws_rds_cluster_instance" "primary" {
  for_each           = { for index in range(2) : index => {} }
  identifier         = "${aws_rds_cluster.primary.cluster_identifier}-${each.key}"
  cluster_identifier = aws_rds_cluster.primary.id
  engine             = aws_rds_cluster.primary.engine
  instance_class     = "db.r6g.large"
}

resource "aws_rds_cluster_instance" "secondary" {
  provider           = aws.secondary
  for_each           = { for index in range(2) : index => {} }
  identifier         = "${aws_rds_cluster.secondary.cluster_identifier}-${each.key}"
  cluster_identifier = aws_rds_cluster.secondary.id
  engine             = aws_rds_cluster.secondary.engine
  instance_class     = "db.r6g.large"
}
