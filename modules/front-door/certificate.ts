import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface CertificateProps {
  readonly names: Names;
  /** Name that clients use. Changing it replaces the certificate, without an interruption. */
  readonly domainName: string;
  /** Public hosted zone of the name; it must be delegated, or the validation never ends. */
  readonly zoneId: string;
}

/**
 * A certificate that proves its name in DNS and renews itself as long as the record stays.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export class Certificate extends Construct {
  /** Known once the certificate is issued. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { names, domainName, zoneId }: CertificateProps) {
    super(scope, id);
    const certificate = new AcmCertificate(this, "certificate", {
      domainName,
      validationMethod: "DNS",
      keyAlgorithm: "RSA_2048",
      tags: { Name: names.of("acm_certificate") },
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = `one(${certificate.fqn}.domain_validation_options)`;
    const record = new Route53Record(this, "proof", {
      zoneId,
      name: `\${${proof}.resource_record_name}`,
      type: `\${${proof}.resource_record_type}`,
      records: [`\${${proof}.resource_record_value}`],
      ttl: 60,
      // ACM asks for the same record in every region and for every environment that shares the name.
      allowOverwrite: true,
    });
    const validation = new AcmCertificateValidation(this, "issued", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    });
    this.arn = validation.certificateArn;
  }
}
