# A classic of Terraform 0.11, in the way of the two-tier examples of hashicorp/terraform-provider-aws (MPL-2.0), written anew: every value is
# an interpolation, a list is the one item of a list, the load balancer is in two zones, and the database has one instance.
provider "aws" {
  region = "${var.aws_region}"
}

variable "aws_region" {
  default = "us-west-2"
}

variable "zones" {
  default = {
    us-east-1 = "us-east-1a,us-east-1b,us-east-1d"
    us-west-2 = "us-west-2a,us-west-2b,us-west-2c"
  }
}

locals {
  zones = "${split(",", lookup(var.zones, var.aws_region))}"
}

resource "aws_vpc" "default" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "default" {
  vpc_id = "${aws_vpc.default.id}"
}

resource "aws_subnet" "web" {
  count             = "${length(local.zones) - 1}"
  vpc_id            = "${aws_vpc.default.id}"
  cidr_block        = "10.0.${count.index + 1}.0/24"
  availability_zone = "${element(local.zones, count.index)}"
}

resource "aws_route_table" "web" {
  vpc_id = "${aws_vpc.default.id}"
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = "${aws_internet_gateway.default.id}"
  }
}

resource "aws_route_table_association" "web" {
  count          = "${aws_subnet.web.count}"
  subnet_id      = "${element(aws_subnet.web.*.id, count.index)}"
  route_table_id = "${aws_route_table.web.id}"
}

resource "aws_security_group" "web" {
  vpc_id = "${aws_vpc.default.id}"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "web" {
  subnets         = ["${aws_subnet.web.*.id}"]
  security_groups = ["${aws_security_group.web.id}"]
}

resource "aws_rds_cluster" "default" {
  engine = "aurora-mysql"
}

resource "aws_rds_cluster_instance" "only" {
  count              = 1
  cluster_identifier = "${aws_rds_cluster.default.id}"
  availability_zone  = "${local.zones[0]}"
  instance_class     = "db.t4g.medium"
}
