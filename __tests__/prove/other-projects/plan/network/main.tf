variable "cidr" {}
variable "azs" {}
variable "nat_gateways" {}

locals {
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
}

resource "aws_internet_gateway" "this" {
  vpc_id = local.vpc_id
}

resource "aws_subnet" "public" {
  count             = length(var.azs)
  vpc_id            = local.vpc_id
  cidr_block        = cidrsubnet(var.cidr, 8, count.index)
  availability_zone = element(var.azs, count.index)
}

resource "aws_subnet" "private" {
  count             = length(var.azs)
  vpc_id            = local.vpc_id
  cidr_block        = cidrsubnet(var.cidr, 8, count.index + 10)
  availability_zone = element(var.azs, count.index)
}

resource "aws_subnet" "database" {
  for_each          = { for index, zone in var.azs : zone => cidrsubnet(var.cidr, 8, index + 20) }
  vpc_id            = local.vpc_id
  cidr_block        = each.value
  availability_zone = each.key
}

resource "aws_eip" "nat" {
  count  = var.nat_gateways
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  count         = var.nat_gateways
  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = element(aws_subnet.public[*].id, count.index)
}

resource "aws_route_table" "public" {
  vpc_id = local.vpc_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table" "private" {
  count  = length(var.azs)
  vpc_id = local.vpc_id
}

resource "aws_route" "private" {
  count                  = length(var.azs)
  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route_table" "database" {
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "public" {
  count          = length(var.azs)
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "private" {
  count          = length(var.azs)
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}

resource "aws_route_table_association" "database" {
  for_each       = aws_subnet.database
  subnet_id      = each.value.id
  route_table_id = aws_route_table.database.id
}

output "vpc_id" {
  value = local.vpc_id
}

output "public_subnet_ids" {
  value = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  value = aws_subnet.private.*.id
}

output "database_subnet_ids" {
  value = [for subnet in aws_subnet.database : subnet.id]
}
