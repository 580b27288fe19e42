/**
 * Stripe's event destinations, as data.
 */
import { BODY_HEX, WINDOW_MS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const IT = "data.object";
const WHO = `[ for {name:${IT}.customer_name|${IT}.customer_details.name|${IT}.billing_details.name|${IT}.customer.name|id:${IT}.customer}]`;
const ID = "[test mode, {id:data.*(livemode=false).id}][live, {id:data.*(livemode=true).id}][, account {id:account}]";
const CHANGED = { "was before": "data.previous_attributes" };
/** Its page in the dashboard, which has another for test mode. */
function toPages(folder) {
    return [
        `https://dashboard.stripe.com/test/${folder}/{exact:data.*(livemode=false).id}`,
        `https://dashboard.stripe.com/${folder}/{exact:data.*(livemode=true).id}`,
    ];
}
const TO_PAY = `{money:${IT}.amount_remaining|${IT}.amount_due|${IT}.total}`;
const PAID = `{money:${IT}.amount_paid|${IT}.total}`;
const INVOICE_NAME = `Invoice {name:${IT}.number|id:${IT}.id}`;
const PAYMENT_ERROR = {
    error: `${IT}.last_payment_error.message|${IT}.failure_message|${IT}.last_setup_error.message`,
    bank: `${IT}.outcome.seller_message`,
    description: `${IT}.description|${IT}.statement_descriptor`,
};
const REFUND = {
    line: `Refund {did}: {money:${IT}.amount}[, {lower:${IT}.status}][, {lower:${IT}.failure_reason}]`,
    facts: [
        `${ID}[, charge {id:${IT}.charge}][, payment {id:${IT}.payment_intent}][, {lower:${IT}.reason}]`,
    ],
    entity: `refund {id:${IT}.id}`,
    severity: [`${IT}.status`],
    severities: { failed: "error", requires_action: "warning" },
    normal: ["bad"],
    low: ["*"],
};
export const sender = defineSender({
    kind: "stripe",
    title: "Stripe",
    description: "payments, invoices, subscriptions, disputes, payouts and checkouts",
    schemes: ["stripe"],
    ownSchemes: {
        stripe: {
            ...BODY_HEX,
            title: "Stripe",
            // The whole whsec_ is the key; v0 is of test mode and proves nothing.
            key: { encoding: "text", prefix: "", minBytes: 16 },
            proof: { header: "stripe-signature", prefix: "v1=", separator: "," },
            signed: "{timestamp}.{body}",
            timestamp: {
                place: { header: "stripe-signature", prefix: "t=", separator: "," },
                unit: "s",
                windowMs: WINDOW_MS,
            },
            deliveryId: "none",
        },
    },
    secretPrompt: "signing secret, whsec_..., of the endpoint (Stripe > Developers > Webhooks > your endpoint; its URL is https://<your tunnel>/in/stripe)",
    id: "id",
    event: ["type"],
    // Pages that show or pay something for whoever has their address, and people's own.
    secrets: [
        "hosted_invoice_url",
        "invoice_pdf",
        "receipt_url",
        "hosted_verification_url",
        "hosted_voucher_url",
        "hosted_instructions_url",
        "redirect_to_url",
        "url",
        "email",
        "customer_email",
        "receipt_email",
        "customer_phone",
        "phone",
    ],
    common: { at: ["created"], meta: { id: `id:${IT}.id`, customer: `id:${IT}.customer` } },
    events: {
        invoice: {
            line: {
                payment_failed: `${INVOICE_NAME} could not be paid: ${TO_PAY}${WHO}`,
                payment_action_required: `${INVOICE_NAME} waits for the customer's confirmation: ${TO_PAY}${WHO}`,
                finalization_failed: `${INVOICE_NAME} could not be finalized: ${TO_PAY}${WHO}`,
                payment_succeeded: `${INVOICE_NAME} paid (payment succeeded): ${PAID}${WHO}`,
                paid: `${INVOICE_NAME} paid: ${PAID}${WHO}`,
                "*": `${INVOICE_NAME} {did}: ${TO_PAY}${WHO}[, {lower:${IT}.status}]`,
            },
            facts: [
                `${ID}[, subscription {id:${IT}.subscription|${IT}.parent.subscription_details.subscription}][, {lower:${IT}.billing_reason}][, attempt {some:${IT}.attempt_count}][, next attempt {time:${IT}.next_payment_attempt}][, due {time:${IT}.due_date}]`,
            ],
            quotes: {
                problem: `${IT}.last_finalization_error.message`,
                description: `${IT}.description`,
                items: { of: `${IT}.lines.data`, line: "{description}[ (quantity {quantity})]" },
            },
            entity: `invoice {name:${IT}.number|id:${IT}.id}`,
            // Paid ends unpaid; these end nothing.
            stateOf: [`${IT}.id`],
            running: {
                path: "type",
                words: [
                    "invoice.created",
                    "invoice.finalized",
                    "invoice.sent",
                    "invoice.updated",
                    "invoice.will_be_due",
                ],
            },
            status: { at: `${IT}.status`, closed: ["paid", "void"] },
            severity: ["type"],
            severities: {
                "invoice.payment_failed": "warning",
                "invoice.payment_action_required": "warning",
                "invoice.finalization_failed": "error",
                "invoice.overdue": "warning",
            },
            normal: ["bad", "marked_uncollectible"],
            low: ["*"],
            links: toPages("invoices"),
        },
        "customer.subscription": {
            line: `Subscription {did}[, now {lower:${IT}.status}]${WHO}`,
            facts: [
                `${ID}[, {name:${IT}.items.data.*.price.nickname|${IT}.plan.nickname|${IT}.items.data.*.price.product|${IT}.plan.product}][, {money:${IT}.items.data.0.price.unit_amount|${IT}.plan.amount}][ a {word:${IT}.items.data.0.price.recurring.interval|${IT}.plan.interval}][, quantity {some:${IT}.quantity|${IT}.items.data.0.quantity}]`,
                `[period ends {time:${IT}.current_period_end|${IT}.items.data.0.current_period_end}][, trial ends {time:${IT}.trial_end}][, cancels {time:${IT}.cancel_at}][, canceled {time:${IT}.canceled_at}][, reason {lower:${IT}.cancellation_details.reason}][, feedback {lower:${IT}.cancellation_details.feedback}]`,
            ],
            quotes: { comment: `${IT}.cancellation_details.comment` },
            objects: CHANGED,
            entity: `subscription {id:${IT}.id}`,
            stateOf: [`${IT}.id`],
            status: { at: `${IT}.status`, closed: ["active", "trialing"] },
            severity: [`${IT}.status`],
            severities: {
                unpaid: "error",
                incomplete: "warning",
                incomplete_expired: "warning",
                canceled: "info",
            },
            normal: ["bad", "deleted", "paused"],
            low: ["*"],
            links: toPages("subscriptions"),
        },
        "customer.discount": {
            line: `Discount {did}: {name:${IT}.coupon.name|${IT}.source.coupon|id:${IT}.coupon.id}${WHO}`,
            facts: [
                `[{number:${IT}.coupon.percent_off} percent off][, until {time:${IT}.end}][, subscription {id:${IT}.subscription}]`,
            ],
            low: ["*"],
        },
        customer: {
            line: `Customer {name:${IT}.name|id:${IT}.id|${IT}.customer} {did}`,
            facts: [`${ID}[, balance {money:${IT}.balance}]`],
            quotes: { description: `${IT}.description` },
            objects: CHANGED,
            entity: `customer {id:${IT}.id}`,
            low: ["*"],
            links: toPages("customers"),
        },
        "charge.dispute": {
            line: `Dispute of {money:${IT}.amount} {did}: {lower:${IT}.reason}[, {lower:${IT}.status}]`,
            facts: [
                `${ID}[, answer by {time:${IT}.evidence_details.due_by}][, charge {id:${IT}.charge}][, payment {id:${IT}.payment_intent}][, network code {name:${IT}.payment_method_details.card.network_reason_code}]`,
            ],
            entity: `dispute {id:${IT}.id}`,
            stateOf: [`${IT}.id`],
            status: {
                at: `${IT}.status`,
                open: ["needs_response", "warning_needs_response"],
                closed: ["won", "warning_closed", "prevented"],
            },
            severity: [`${IT}.status`],
            severities: { needs_response: "error", warning_needs_response: "warning", lost: "warning" },
            low: ["won", "warning_closed", "prevented", "funds_withdrawn", "funds_reinstated"],
            links: toPages("disputes"),
        },
        charge: {
            line: {
                refunded: `Charge refunded: {money:${IT}.amount_refunded} of {money:${IT}.amount}${WHO}`,
                "*": `Charge {did}: {money:${IT}.amount}${WHO}[, {lower:${IT}.failure_code}]`,
            },
            facts: [
                `${ID}[, payment {id:${IT}.payment_intent}][, {name:${IT}.payment_method_details.card.brand}][ ending in {name:${IT}.payment_method_details.card.last4}][, {lower:${IT}.outcome.reason}][, risk {lower:${IT}.outcome.risk_level}][, invoice {id:${IT}.invoice}]`,
            ],
            quotes: PAYMENT_ERROR,
            entity: [`payment {id:${IT}.payment_intent}`, `charge {id:${IT}.id}`],
            stateOf: [`${IT}.id`],
            status: { at: `${IT}.status` },
            severity: [`${IT}.status`],
            severities: { failed: "warning" },
            running: { path: "type", words: ["charge.pending", "charge.refunded", "charge.updated"] },
            normal: ["failed", "refunded"],
            low: ["*"],
            links: toPages("payments"),
        },
        payment_intent: {
            line: {
                payment_failed: `Payment failed: {money:${IT}.amount}${WHO}[, {lower:${IT}.last_payment_error.code}][ ({lower:${IT}.last_payment_error.decline_code})]`,
                "*": `Payment {did}: {money:${IT}.amount}${WHO}[, {lower:${IT}.last_payment_error.code}][ ({lower:${IT}.last_payment_error.decline_code})]`,
            },
            facts: [`${ID}[, invoice {id:${IT}.invoice}][, reason {lower:${IT}.cancellation_reason}]`],
            quotes: PAYMENT_ERROR,
            entity: `payment {id:${IT}.id}`,
            stateOf: [`${IT}.id`],
            // Until it is paid or could not be, it has no outcome.
            running: {
                path: "type",
                words: [
                    "payment_intent.created",
                    "payment_intent.processing",
                    "payment_intent.requires_action",
                    "payment_intent.amount_capturable_updated",
                    "payment_intent.partially_funded",
                ],
            },
            status: { at: `${IT}.status` },
            severity: ["type"],
            severities: { "payment_intent.payment_failed": "warning" },
            normal: ["bad", "canceled"],
            low: ["*"],
            links: toPages("payments"),
        },
        "setup_intent.setup_failed": {
            line: `A payment method could not be set up${WHO}[, {lower:${IT}.last_setup_error.code}]`,
            facts: [ID],
            quotes: PAYMENT_ERROR,
            severity: "warning",
        },
        "checkout.session": {
            line: `Checkout {did}: {money:${IT}.amount_total}${WHO}[, {lower:${IT}.payment_status}]`,
            facts: [
                `${ID}[, {lower:${IT}.mode}][, payment {id:${IT}.payment_intent}][, subscription {id:${IT}.subscription}][, reference {name:${IT}.client_reference_id}]`,
            ],
            entity: `checkout {id:${IT}.id}`,
            severity: ["type"],
            severities: { "checkout.session.async_payment_failed": "warning" },
            normal: ["bad"],
            low: ["*"],
            links: [
                "https://dashboard.stripe.com/test/payments/{exact:data.*(livemode=false).payment_intent}",
                "https://dashboard.stripe.com/payments/{exact:data.*(livemode=true).payment_intent}",
            ],
        },
        payout: {
            line: `Payout {did}: {money:${IT}.amount}[, arrives {time:${IT}.arrival_date}][, {lower:${IT}.failure_code}]`,
            facts: [`${ID}[, {lower:${IT}.status}]`],
            quotes: {
                error: `${IT}.failure_message`,
                description: `${IT}.description|${IT}.statement_descriptor`,
            },
            entity: `payout {id:${IT}.id}`,
            stateOf: [`${IT}.id`],
            running: { path: "type", words: ["payout.created", "payout.updated"] },
            severity: ["type"],
            severities: { "payout.failed": "error" },
            normal: ["bad", "canceled"],
            low: ["*"],
            links: toPages("payouts"),
        },
        refund: REFUND,
        "charge.refund": REFUND,
        "radar.early_fraud_warning": {
            line: `Early fraud warning {did}: {lower:${IT}.fraud_type}, charge {id:${IT}.charge}`,
            facts: [`${ID}[, payment {id:${IT}.payment_intent}]`],
            entity: `charge {id:${IT}.charge}`,
            severity: "warning",
        },
        account: {
            line: `Account {name:${IT}.business_profile.name|id:${IT}.id} {did}[, disabled: {lower:${IT}.requirements.disabled_reason}]`,
            facts: [
                `[{id:${IT}.id}][, past due: {name:${IT}.requirements.past_due.*}][, needed: {name:${IT}.requirements.currently_due.*}][, by {time:${IT}.requirements.current_deadline}]`,
            ],
            objects: CHANGED,
            entity: `account {id:${IT}.id}`,
            low: ["*"],
        },
        "*": {
            line: "Stripe: {event}",
            facts: [`${ID}[, {lower:${IT}.status}]`],
            objects: CHANGED,
            rest: { object: IT },
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Stripe > Developers > Webhooks > Add destination: your account, the events you act on (payment_intent.payment_failed, invoice.payment_failed, charge.dispute.created, customer.subscription.updated, payout.failed), Webhook endpoint, URL https://<your tunnel>{path}",
        "Reveal its signing secret (whsec_...) and give it to sluice as above",
        "Without a tunnel: stripe listen --forward-to {url} prints a whsec_ of its own",
        "stripe trigger invoice.payment_failed: sluice tail shows it",
    ],
    retries: "again for three days in live mode, three times within hours in test mode, each time with the same event id",
    sources: [
        "https://docs.stripe.com/webhooks",
        "https://docs.stripe.com/webhooks#verify-manually",
        "https://docs.stripe.com/api/events/types",
    ],
});
