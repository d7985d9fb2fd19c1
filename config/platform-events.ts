/** The application's events: who sends them, and what is in them. Programs may take these types over. */

/** Who sends: the service, and the function that validates payments. */
export const EVENT_SOURCES = { service: "standfast.payments", validation: "standfast.validation" } as const;

/** What is in the `detail` of each `detail-type` that the service sends. */
export interface ServiceEvents {
  /**
   * A payment to be validated, in the form that the validation takes; the only event that may hold card data, and
   * therefore the only one that is not archived.
   */
  readonly PaymentSubmitted: object;
  /** Facts for whoever wants to know them. None holds card data. */
  readonly PaymentAuthorized: PaymentFact;
  readonly PaymentDeclined: PaymentFact & { readonly reason: string };
  readonly PaymentSettled: PaymentFact;
  /** Something that people must know; it goes to the topic of the alerts. */
  readonly AlertRaised: { readonly summary: string };
  /** A doubt about the platform; it starts the runbook that checks its health. */
  readonly HealthDoubted: { readonly reason: string };
}

interface PaymentFact {
  readonly payment: string;
  readonly amount: { readonly value: string; readonly currency: string };
}

/** What is in the `detail` of each `detail-type` that the validation sends. `submission` is the `id` of the event it answers. */
export interface ValidationEvents {
  readonly PaymentValidated: { readonly submission: string; readonly valid: true; readonly repeated: boolean };
  readonly PaymentRejected: {
    readonly submission: string;
    readonly valid: false;
    readonly reasons: readonly { readonly code: string; readonly field: string }[];
  };
}

/** A `detail-type` with its sender, as an event pattern matches it. */
export function eventPattern<Sender extends keyof typeof EVENT_SOURCES>(
  sender: Sender,
  detailType: keyof (Sender extends "service" ? ServiceEvents : ValidationEvents),
  detail?: object,
): object {
  return { source: [EVENT_SOURCES[sender]], "detail-type": [detailType], ...(detail && { detail }) };
}
