import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface CertificateProps {
  readonly names: Names;
  /** Name of this region's own entry. Changing it replaces the certificate, without an interruption. */
  readonly domainName: string;
  /** Names that every region's certificate covers; `SharedValidationRecords` proves them once for all. */
  readonly sharedNames: readonly string[];
  /** Public hosted zone of the names; it must be delegated, or the validation never ends. */
  readonly zoneId: string;
}

/**
 * A certificate of one region that proves its names in DNS and renews itself as long as the records stay.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export class Certificate extends Construct {
  /** Known once the certificate is issued. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { names, domainName, sharedNames, zoneId }: CertificateProps) {
    super(scope, id);
    const certificate = new AcmCertificate(this, "certificate", {
      domainName,
      subjectAlternativeNames: [...sharedNames],
      validationMethod: "DNS",
      keyAlgorithm: "RSA_2048",
      tags: { Name: names.of("acm_certificate") },
      lifecycle: { createBeforeDestroy: true },
    });
    const record = proof(this, "proof", certificate, domainName, zoneId);
    this.arn = new AcmCertificateValidation(this, "issued", { certificateArn: certificate.arn, dependsOn: [record] }).certificateArn;
  }
}

export interface SharedValidationRecordsProps {
  readonly names: Names;
  readonly domainNames: readonly string[];
  readonly zoneId: string;
}

/**
 * The proofs of the names that all regions share. ACM asks for the same record in every region of an account, so no
 * region can own it: the first one destroyed would take the others' renewal along. The certificate here serves no one;
 * it is how ACM tells which record it wants.
 */
export class SharedValidationRecords extends Construct {
  constructor(scope: Construct, id: string, { names, domainNames, zoneId }: SharedValidationRecordsProps) {
    super(scope, id);
    const [first, ...others] = domainNames;
    if (first === undefined) return;
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: first,
      subjectAlternativeNames: others,
      validationMethod: "DNS",
      keyAlgorithm: "RSA_2048",
      tags: { Name: names.of("acm_certificate", "shared-names") },
      lifecycle: { createBeforeDestroy: true },
    });
    for (const name of domainNames) proof(this, name.replaceAll(".", "-"), certificate, name, zoneId);
  }
}

/** The record that ACM wants to see for one of a certificate's names. */
function proof(scope: Construct, id: string, certificate: AcmCertificate, name: string, zoneId: string): Route53Record {
  const wanted = `one([for option in ${certificate.fqn}.domain_validation_options : option if option.domain_name == "${name}"])`;
  return new Route53Record(scope, id, {
    zoneId,
    name: `\${${wanted}.resource_record_name}`,
    type: `\${${wanted}.resource_record_type}`,
    records: [`\${${wanted}.resource_record_value}`],
    ttl: 60,
    // Another environment of the account may have proven the name before.
    allowOverwrite: true,
  });
}
