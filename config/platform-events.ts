/** Events of the application, with their sources and details. Programs can use these types. */

/** Event sources: the service, and the validation function. */
export const EVENT_SOURCES = { service: "standfast.payments", validation: "standfast.validation" } as const;

/** The `detail` of each `detail-type` that the service sends. */
export interface ServiceEvents {
  /**
   * A payment to validate, in the format of a validation request. The only event that may contain card data, and therefore
   * the only one that is not archived.
   */
  readonly PaymentSubmitted: object;
  /** Facts for any consumer. None contains card data. */
  readonly PaymentAuthorized: PaymentFact;
  readonly PaymentDeclined: PaymentFact & { readonly reason: string };
  readonly PaymentSettled: PaymentFact;
  /** Notifies on-call through the alerts topic. */
  readonly AlertRaised: { readonly summary: string };
  /** Reports a suspected fault of the platform. Starts the health check runbook. */
  readonly HealthDoubted: { readonly reason: string };
}

interface PaymentFact {
  readonly payment: string;
  readonly amount: { readonly value: string; readonly currency: string };
}

/** The `detail` of each `detail-type` that the validation sends. `submission` is the `id` of the `PaymentSubmitted` event. */
export interface ValidationEvents {
  readonly PaymentValidated: { readonly submission: string; readonly valid: true; readonly repeated: boolean };
  readonly PaymentRejected: {
    readonly submission: string;
    readonly valid: false;
    readonly reasons: readonly { readonly code: string; readonly field: string }[];
  };
}

/** An event pattern that matches a `detail-type` of a sender. */
export function eventPattern<Sender extends keyof typeof EVENT_SOURCES>(
  sender: Sender,
  detailType: keyof (Sender extends "service" ? ServiceEvents : ValidationEvents),
  detail?: object,
): object {
  return { source: [EVENT_SOURCES[sender]], "detail-type": [detailType], ...(detail && { detail }) };
}
