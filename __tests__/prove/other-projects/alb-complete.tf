# A load balancer in the way of examples/complete-alb of terraform-aws-modules/terraform-aws-alb (Apache-2.0), written anew: it is in the
# subnets of the account's default VPC, which are in no JSON, and modules make its security group and its certificate.
provider "aws" {
  region = "eu-west-1"
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "all" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

module "security_group" {
  source              = "terraform-aws-modules/security-group/aws"
  version             = "~> 5.0"
  name                = "alb"
  vpc_id              = data.aws_vpc.default.id
  ingress_cidr_blocks = ["0.0.0.0/0"]
}

module "acm" {
  source      = "terraform-aws-modules/acm/aws"
  version     = "~> 5.0"
  domain_name = "example.test"
}

variable "target_groups" {
  default = [
    { name = "h1", port = 80, type = "instance" },
    { name = "l1", port = null, type = "lambda" },
  ]
}

resource "aws_lb" "this" {
  name            = "complete-alb"
  subnets         = data.aws_subnets.all.ids
  security_groups = [module.security_group.security_group_id]
}

resource "aws_lb_target_group" "main" {
  count       = length(var.target_groups)
  name        = lookup(var.target_groups[count.index], "name", null)
  port        = lookup(var.target_groups[count.index], "port", null)
  target_type = var.target_groups[count.index]["type"]
  vpc_id      = data.aws_vpc.default.id
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = module.acm.acm_certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.main[1].arn
  }
}

resource "aws_lb_listener_rule" "fixed" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 3

  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "This is a fixed response"
      status_code  = 200
    }
  }

  condition {
    http_header {
      http_header_name = "x-Gimme-Fixed-Response"
      values           = ["yes", "please", "right now"]
    }
  }
}
