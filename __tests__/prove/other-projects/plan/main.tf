# A web application in the way of the examples of terraform-aws-modules (Apache-2.0): a module for the network, one for the database, and the
# rest beside them. terraform plan needs no account for it. See README.md for how plan.json is made.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region                      = var.region
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
}

variable "region" {
  default = "eu-west-1"
}

variable "password" {
  default   = "not-for-the-graph"
  sensitive = true
}

variable "azs" {
  default = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
}

module "network" {
  source = "./network"
  cidr   = "10.0.0.0/16"
  azs    = var.azs
  # One NAT gateway for all zones: claim Z2 finds it.
  nat_gateways = 1
}

module "database" {
  source   = "./database"
  for_each = { ledger = module.network.database_subnet_ids }

  name       = each.key
  subnet_ids = each.value
  zones      = slice(var.azs, 0, 2)
  vpc_id     = module.network.vpc_id
  clients    = aws_security_group.web["tasks"].id
  password   = var.password
}

resource "aws_security_group" "web" {
  for_each = toset(["balancer", "tasks"])
  name     = "web-${each.key}"
  vpc_id   = module.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web["balancer"].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "any" {
  for_each          = aws_security_group.web
  security_group_id = each.value.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "tasks" {
  security_group_id            = aws_security_group.web["tasks"].id
  ip_protocol                  = "tcp"
  from_port                    = 3000
  to_port                      = 3000
  referenced_security_group_id = aws_security_group.web["balancer"].id
}

resource "aws_lb" "web" {
  name               = "web"
  subnets            = module.network.public_subnet_ids
  security_groups    = [aws_security_group.web["balancer"].id]
  enable_zonal_shift = true
}

resource "aws_lb_target_group" "web" {
  name        = "web"
  port        = 3000
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = module.network.vpc_id
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_sns_topic" "events" {
  name = "events"
}

resource "aws_iam_role" "task" {
  name = "web-task"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "task" {
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sns:Publish", Resource = aws_sns_topic.events.arn }]
  })
}

resource "aws_ecs_cluster" "web" {
  name = "web"
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn
  container_definitions = jsonencode([{
    name         = "web"
    image        = "public.ecr.aws/nginx/nginx:1.27"
    environment  = [{ name = "ACCOUNT", value = "$${account}" }]
    portMappings = [{ containerPort = 3000 }]
  }])
}

resource "aws_ecs_service" "web" {
  name                          = "web"
  cluster                       = aws_ecs_cluster.web.id
  task_definition               = aws_ecs_task_definition.web.arn
  desired_count                 = length(var.azs) * 2
  launch_type                   = "FARGATE"
  availability_zone_rebalancing = "ENABLED"

  network_configuration {
    subnets         = module.network.private_subnet_ids
    security_groups = [aws_security_group.web["tasks"].id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 3000
  }
}
