# A service in the way of examples/fargate of terraform-aws-modules/terraform-aws-ecs (Apache-2.0), written anew without modules. It has a
# listener without TLS, one NAT gateway, and two tasks.
provider "aws" {
  region = "eu-west-1"
}

data "aws_availability_zones" "available" {
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  vpc_cidr       = "10.0.0.0/16"
  azs            = slice(data.aws_availability_zones.available.names, 0, 3)
  container_name = "ecsdemo-frontend"
  container_port = 3000
  private        = { for index, zone in local.azs : "az${index}" => { zone = zone, cidr = cidrsubnet(local.vpc_cidr, 4, index) } }
  public         = { for index, zone in local.azs : "az${index}" => { zone = zone, cidr = cidrsubnet(local.vpc_cidr, 8, index + 48) } }
}

resource "aws_vpc" "this" {
  cidr_block = local.vpc_cidr
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  for_each          = local.public
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value.zone
  cidr_block        = each.value.cidr
}

resource "aws_subnet" "private" {
  for_each          = local.private
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value.zone
  cidr_block        = each.value.cidr
}

resource "aws_nat_gateway" "this" {
  subnet_id = aws_subnet.public["az0"].id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.this.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "private" {
  for_each       = { for key, subnet in aws_subnet.private : key => subnet.id }
  subnet_id      = each.value
  route_table_id = aws_route_table.private.id
}

resource "aws_security_group" "alb" {
  vpc_id = aws_vpc.this.id

  dynamic "ingress" {
    for_each = [80]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = [aws_vpc.this.cidr_block]
  }
}

resource "aws_security_group" "service" {
  vpc_id = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "service" {
  for_each                     = { alb_3000 = local.container_port }
  security_group_id            = aws_security_group.service.id
  from_port                    = each.value
  to_port                      = each.value
  ip_protocol                  = "tcp"
  referenced_security_group_id = aws_security_group.alb.id
}

resource "aws_vpc_security_group_egress_rule" "service" {
  security_group_id = aws_security_group.service.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_lb" "this" {
  load_balancer_type = "application"
  security_groups    = [aws_security_group.alb.id]
  subnets            = values(aws_subnet.public)[*].id
}

resource "aws_lb_target_group" "this" {
  for_each    = toset(["ex_ecs", "ex_ecs_alternate"])
  port        = local.container_port
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.this.id
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "forward"
    forward {
      dynamic "target_group" {
        for_each = { ex_ecs = 100, ex_ecs_alternate = 0 }
        content {
          arn    = aws_lb_target_group.this[target_group.key].arn
          weight = target_group.value
        }
      }
    }
  }
}

resource "aws_ecs_cluster" "this" {
  name = "ex-fargate"
}

resource "aws_ecs_task_definition" "this" {
  family = "ex-fargate"
  container_definitions = jsonencode([
    {
      name         = local.container_name
      image        = "public.ecr.aws/aws-containers/ecsdemo-frontend:776fd50"
      essential    = true
      portMappings = [{ name = local.container_name, containerPort = 3000, hostPort = 3000, protocol = "tcp" }]
    }
  ])
}

resource "aws_ecs_service" "this" {
  name            = "ex-fargate"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = 2

  network_configuration {
    subnets         = [for subnet in aws_subnet.private : subnet.id]
    security_groups = [aws_security_group.service.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this["ex_ecs"].arn
    container_name   = local.container_name
    container_port   = local.container_port
  }
}
