variable "name" {}
variable "subnet_ids" {}
variable "zones" {}
variable "vpc_id" {}
variable "clients" {}
variable "password" {}

resource "aws_security_group" "this" {
  name   = "database-${var.name}"
  vpc_id = var.vpc_id

  ingress {
    description     = "tasks"
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [var.clients]
  }
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_rds_cluster" "this" {
  cluster_identifier     = var.name
  engine                 = "aurora-postgresql"
  engine_version         = "16.8"
  master_username        = "root"
  master_password        = var.password
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  skip_final_snapshot    = true
}

resource "aws_rds_cluster_instance" "this" {
  for_each           = toset(var.zones)
  identifier         = "${var.name}-${each.key}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = "db.r6g.large"
  availability_zone  = each.key
}
