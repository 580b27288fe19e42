/**
 * Shopify's webhooks, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const SHOP = "[ ({name:$part.shop|myshopify_domain|shop_domain})]";
const ADMIN = "https://admin.shopify.com/store/{exact:$part.shop}";
export const sender = defineSender({
    kind: "shopify",
    title: "Shopify",
    description: "orders, refunds, disputes, fulfillments, products, apps and requests about customers' data",
    schemes: ["shopify"],
    ownSchemes: {
        shopify: {
            ...BODY_HEX,
            title: "Shopify",
            encoding: "base64",
            proof: { header: "x-shopify-hmac-sha256", prefix: "", separator: "" },
            deliveryId: { header: "x-shopify-webhook-id" },
        },
    },
    secretPrompt: "Client secret of the app (Shopify admin > Settings > Apps > Develop apps > your app > API credentials; webhooks of the admin are signed with the text under Settings > Notifications > Webhooks)",
    id: "$header.x-shopify-webhook-id",
    // An order that is created and paid at once comes twice, with the same bytes under two topics.
    repeats: "event",
    event: ["$header.x-shopify-topic"],
    parts: {
        "$header.x-shopify-shop-domain": [/^(?<shop>[a-z0-9][a-z0-9-]{0,80})\.myshopify\.com$/],
    },
    secrets: [
        "order_status_url",
        "abandoned_checkout_url",
        "recovery_url",
        "invoice_url",
        "browser_ip",
        "email",
        "contact_email",
        "customer_email",
        "phone",
    ],
    common: {
        at: ["$header.x-shopify-triggered-at", "updated_at", "created_at"],
        meta: { shop: "name:$part.shop" },
    },
    events: {
        orders: {
            line: {
                delete: `Order {tail:admin_graphql_api_id|id:id} deleted${SHOP}`,
                edited: `Order {id:order_edit.order_id} edited${SHOP}`,
                "*": `Order {name:name|order_number|tail:admin_graphql_api_order_id|order_id} {did}[: {name:current_total_price|total_price}][ {name:currency}][, payment {lower:financial_status}][, fulfillment {lower:fulfillment_status}]${SHOP}`,
            },
            facts: [
                "[{size:line_items} items][, risk {lower:risk_level}][, reason {lower:cancel_reason}][, customer {name:customer.first_name}][ {name:customer.last_name}][, from {name:source_name}][, tags {name:tags}]",
            ],
            quotes: {
                note: "note",
                items: { of: "line_items", line: "{name|title}[ x {quantity}][ at {price}]" },
            },
            meta: { order: "tail:admin_graphql_api_id|id:id", shop: "name:$part.shop" },
            entity: ["order {name:name}", "order {id:order_edit.order_id}", "order {id:id}"],
            normal: ["cancelled", "create", "paid"],
            low: ["*"],
            links: [`${ADMIN}/orders/{exact:tail:admin_graphql_api_id|id|order_edit.order_id}`],
        },
        refunds: {
            line: `Refund[ of {name:transactions.*.amount}][ {name:transactions.0.currency}] on order {id:order_id}${SHOP}`,
            facts: [
                "[{size:refund_line_items} items][ of {name:refund_line_items.*.subtotal}][ {name:refund_line_items.0.subtotal_set.shop_money.currency_code}][, {lower:refund_line_items.*.restock_type}]",
            ],
            quotes: {
                note: "note",
                items: { of: "refund_line_items", line: "{line_item.name|line_item.title}[ x {quantity}]" },
            },
            entity: "order {id:order_id}",
            links: [`${ADMIN}/orders/{exact:order_id}`],
        },
        disputes: {
            line: `Dispute[ ({lower:type})] {did}: {name:amount} {name:currency}, {lower:reason}[, {lower:status}]${SHOP}`,
            facts: [
                "[order {id:order_id}][, answer by {time:evidence_due_by}][, network code {name:network_reason_code}][, sent {time:evidence_sent_on}][, final {time:finalized_on}]",
            ],
            entity: "dispute {id:id}",
            stateOf: ["id"],
            status: {
                at: "status",
                open: ["needs_response"],
                closed: ["won", "accepted", "charge_refunded"],
            },
            severity: ["status"],
            severities: { needs_response: "error", under_review: "warning", lost: "warning" },
            low: ["won", "accepted", "charge_refunded"],
            links: [`${ADMIN}/orders/{exact:order_id}`],
        },
        order_transactions: {
            line: `Transaction: {lower:kind} of {name:amount} {name:currency}: {lower:status}${SHOP}`,
            facts: ["[order {id:order_id}][, gateway {name:gateway}][, {lower:error_code}]"],
            quotes: { message: "message" },
            entity: "order {id:order_id}",
            severity: ["status"],
            severities: { failure: "warning" },
            normal: ["bad"],
            low: ["*"],
            links: [`${ADMIN}/orders/{exact:order_id}`],
        },
        fulfillments: {
            line: `Fulfillment {name:name|id:id} {did}[, {lower:status}][, shipment {lower:shipment_status}]${SHOP}`,
            facts: ["[order {id:order_id}][, {name:tracking_company}][ {name:tracking_number}]"],
            entity: "order {id:order_id}",
            severity: ["shipment_status", "status"],
            normal: ["bad"],
            low: ["*"],
            links: [`${ADMIN}/orders/{exact:order_id}`],
        },
        fulfillment_events: {
            line: `Shipment of order {id:order_id}: {lower:status}${SHOP}`,
            facts: [
                "[at {time:happened_at}][, {name:city}][ {name:country}][, expected {time:estimated_delivery_at}]",
            ],
            quotes: { message: "message" },
            entity: "order {id:order_id}",
            severity: ["status"],
            normal: ["bad"],
            low: ["*"],
            links: [`${ADMIN}/orders/{exact:order_id}`],
        },
        returns: {
            line: `Return {name:name|tail:admin_graphql_api_id|id:id} {did}[, {lower:status}]${SHOP}`,
            facts: [
                "[order {tail:order.admin_graphql_api_id|id:order.id}][, reason {lower:return_line_items.*.return_reason}][, {number:total_return_line_items} items][, declined: {lower:decline.reason}]",
            ],
            quotes: { note: "return_line_items.0.customer_note|return_line_items.0.return_reason_note" },
            entity: "return {name:name|id:id}",
            normal: ["request"],
            low: ["*"],
        },
        variants: {
            line: `Variant {name:title|sku|id:id} is {did}${SHOP}`,
            facts: ["[SKU {name:sku}][, product {id:product_id}][, stock {number:inventory_quantity}]"],
            entity: "variant {id:id}",
            normal: ["out_of_stock"],
            low: ["*"],
            links: [`${ADMIN}/products/{exact:product_id}`],
        },
        fulfillment_orders: {
            line: `Fulfillment order {tail:fulfillment_order.id|original_fulfillment_order.id} {did}[, {lower:fulfillment_order.status}]${SHOP}`,
            facts: [
                "[starts {time:fulfillment_order.fulfill_at}][, {lower:fulfillment_order.delivery_method.method_type}][, reason {lower:fulfillment_order.fulfillment_holds.*.reason}][, request {lower:fulfillment_order.request_status}][, moved to {name:destination_location.name}]",
            ],
            quotes: {
                message: "message|fulfillment_order_merchant_request.message|fulfillment_order.fulfillment_holds.0.reason_notes",
            },
            normal: [
                "placed_on_hold",
                "cancelled",
                "fulfillment_service_failed_to_complete",
                "fulfillment_request_rejected",
                "cancellation_request_rejected",
            ],
            low: ["*"],
        },
        subscription_billing_attempts: {
            line: `Billing attempt {did} on subscription {tail:admin_graphql_api_subscription_contract_id|id:subscription_contract_id}[: {lower:error_code}]${SHOP}`,
            facts: ["[order {id:order_id}][, attempt {id:id}]"],
            quotes: { message: "error_message" },
            severity: ["error_code"],
            normal: ["failure", "challenged"],
            low: ["*"],
        },
        draft_orders: {
            line: `Draft order {name:name|tail:admin_graphql_api_id|id:id} {did}[: {name:total_price}][ {name:currency}][, {lower:status}]${SHOP}`,
            facts: ["[{size:line_items} items][, order {id:order_id}][, tags {name:tags}]"],
            quotes: { note: "note" },
            low: ["*"],
        },
        products: {
            line: `Product {name:title|tail:admin_graphql_api_id|id:id} {did}[, {lower:status}]${SHOP}`,
            facts: [
                "[vendor {name:vendor}][, {name:product_type}][, {size:variants} variants][, price {name:variants.*.price}]",
            ],
            entity: "product {name:handle|id:id}",
            low: ["*"],
            links: [`${ADMIN}/products/{exact:tail:admin_graphql_api_id|id}`],
        },
        inventory_levels: {
            line: `Inventory of item {id:inventory_item_id} at location {id:location_id} {did}[: {number:available} available]${SHOP}`,
            entity: "inventory item {id:inventory_item_id}",
            facts: ["[at {time:updated_at}]"],
            low: ["*"],
        },
        app: {
            line: `App {did} by {name:name|myshopify_domain|$part.shop}${SHOP}`,
            facts: ["[plan {name:plan_display_name|plan_name}][, country {name:country_name|country}]"],
            entity: "shop {name:myshopify_domain|$part.shop}",
        },
        app_subscriptions: {
            line: `App subscription {name:app_subscription.name} {did}[, {lower:app_subscription.status}]${SHOP}`,
            facts: [
                "[shop {tail:app_subscription.admin_graphql_api_shop_id}][, capped at {name:app_subscription.capped_amount}][ {name:app_subscription.currency}]",
            ],
            severity: ["app_subscription.status"],
            severities: { frozen: "warning", declined: "warning", expired: "warning" },
        },
        bulk_operations: {
            line: `Bulk operation {tail:admin_graphql_api_id} finished: {lower:status}[, {lower:error_code}]${SHOP}`,
            facts: ["[{lower:type}][, completed {time:completed_at}]"],
            entity: "bulk operation {tail:admin_graphql_api_id}",
            severity: ["status"],
            normal: ["bad"],
            low: ["*"],
        },
        themes: {
            line: `Theme {name:name|id:id} {did}[, role {lower:role}]${SHOP}`,
            facts: ["[theme {id:id}]"],
            entity: "theme {id:id}",
            normal: ["publish", "delete"],
            low: ["*"],
        },
        // https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance Thirty days, whatever the app does.
        "customers/data_request": {
            line: `Customer {id:customer.id} asks for their data: send it to the merchant within 30 days${SHOP}`,
            facts: ["[shop {name:shop_domain}][, orders {id:orders_requested.*}]"],
        },
        "customers/redact": {
            line: `Delete the data of customer {id:customer.id} within 30 days${SHOP}`,
            facts: ["[shop {name:shop_domain}][, orders {id:orders_to_redact.*}]"],
        },
        "shop/redact": {
            line: `Delete the data of shop {name:shop_domain} within 30 days${SHOP}`,
            facts: ["[shop {id:shop_id}]"],
        },
        customers: {
            line: `Customer {tail:admin_graphql_api_id|id:id} {did}${SHOP}`,
            facts: [
                "[{name:first_name}][ {name:last_name}][, {lower:state}][, orders {number:orders_count}]",
            ],
            quotes: { note: "note" },
            entity: "customer {id:id}",
            low: ["*"],
            links: [`${ADMIN}/customers/{exact:tail:admin_graphql_api_id|id}`],
        },
        checkouts: {
            line: `Checkout {did}[: {name:total_price}][ {name:currency}]${SHOP}`,
            facts: ["[{size:line_items} items]"],
            low: ["*"],
        },
        "*": { line: `Shopify: {event}${SHOP}`, rest: { fields: "" } },
        carts: { line: `Cart {did}${SHOP}`, facts: ["[{size:line_items} items]"], low: ["*"] },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Shopify admin > Settings > Notifications > Webhooks > Create webhook: the event, format JSON, URL https://<your tunnel>{path}",
        "Under the list stands the text that they are signed with: give it to sluice as above (an app signs with its client secret instead)",
        "Send test notification in the webhook's menu: sluice tail shows orders/create",
    ],
    retries: "5 s for an answer; up to eight tries within four hours, then an app's webhook is deleted",
    sources: [
        "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
        "https://shopify.dev/docs/api/webhooks",
        "https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance",
    ],
});
