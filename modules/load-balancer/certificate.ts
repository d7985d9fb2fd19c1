import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";

export interface CertificateProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** DNS name of this region. Changing it replaces the certificate, without an interruption. */
  readonly domainName: string;
  /** Names that the certificate of every region contains. `SharedValidationRecords` validates them once for all regions. */
  readonly sharedNames: readonly string[];
  /** Public hosted zone of the names. It must be delegated, or the validation never completes. */
  readonly zoneId: string;
}

/**
 * A certificate of one region with DNS validation. ACM renews it while the validation records exist.
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
    const record = validationRecord(this, "validation-record", certificate, domainName, zoneId);
    this.arn = new AcmCertificateValidation(this, "validation", { certificateArn: certificate.arn, dependsOn: [record] }).certificateArn;
  }
}

export interface SharedValidationRecordsProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Names that the certificates of all regions contain. */
  readonly domainNames: readonly string[];
  /** ID of the public hosted zone of the names. */
  readonly zoneId: string;
}

/**
 * The validation records of the names that all regions share. ACM requires the same record in every region of an account,
 * so no region can own it: destroying that region would stop the renewal in the others. No load balancer uses the
 * certificate that is created here: ACM returns the required records only for a certificate.
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
    for (const name of domainNames) validationRecord(this, name.replaceAll(".", "-"), certificate, name, zoneId);
  }
}

/** The DNS record that ACM requires for one name of a certificate. */
function validationRecord(scope: Construct, id: string, certificate: AcmCertificate, name: string, zoneId: string): Route53Record {
  const option = `one([for option in ${certificate.fqn}.domain_validation_options : option if option.domain_name == "${name}"])`;
  return new Route53Record(scope, id, {
    zoneId,
    name: `\${${option}.resource_record_name}`,
    type: `\${${option}.resource_record_type}`,
    records: [`\${${option}.resource_record_value}`],
    ttl: 60,
    // Another environment of the account may have created the record already.
    allowOverwrite: true,
  });
}
