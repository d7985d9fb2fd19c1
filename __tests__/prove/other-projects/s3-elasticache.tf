# Buckets and a cache in the way of examples/complete of terraform-aws-modules/terraform-aws-s3-bucket and of
# examples/valkey-replication-group of terraform-aws-modules/terraform-aws-elasticache (both Apache-2.0), written anew. The whole VPC reaches
# the cache.
provider "aws" {
  region = "eu-west-1"
}

data "aws_caller_identity" "current" {}

locals {
  name        = "ex-${basename(path.cwd)}"
  bucket_name = "s3-bucket-${random_pet.this.id}"
  azs         = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
}

resource "random_pet" "this" {
  length = 2
}

resource "aws_kms_key" "objects" {
  description             = "KMS key is used to encrypt bucket objects"
  deletion_window_in_days = 7
}

resource "aws_iam_role" "this" {
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    { "Action": "sts:AssumeRole", "Principal": { "Service": "ec2.amazonaws.com" }, "Effect": "Allow", "Sid": "" }
  ]
}
EOF
}

data "aws_iam_policy_document" "bucket_policy" {
  statement {
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.this.arn]
    }
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::${local.bucket_name}"]
  }
}

resource "aws_s3_bucket" "this" {
  for_each      = { objects = local.bucket_name, logs = "logs-${random_pet.this.id}" }
  bucket        = each.value
  force_destroy = true
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this["objects"].id
  policy = data.aws_iam_policy_document.bucket_policy.json
}

resource "aws_s3_bucket_versioning" "this" {
  bucket                = aws_s3_bucket.this["objects"].id
  expected_bucket_owner = data.aws_caller_identity.current.account_id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this["objects"].id
  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.objects.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  for_each          = toset(local.azs)
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, index(local.azs, each.key) + 10)
}

resource "aws_security_group" "cache" {
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "vpc" {
  security_group_id = aws_security_group.cache.id
  ip_protocol       = "tcp"
  from_port         = 6379
  to_port           = 6379
  cidr_ipv4         = "10.0.0.0/16"
}

resource "aws_elasticache_subnet_group" "this" {
  name       = local.name
  subnet_ids = [for zone in local.azs : aws_subnet.private[zone].id]
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = local.name
  engine               = "valkey"
  engine_version       = "7.2"
  node_type            = "cache.t4g.small"
  subnet_group_name    = aws_elasticache_subnet_group.this.name
  security_group_ids   = [aws_security_group.cache.id]
}
