import { defineSender } from "../../sender.js";
const HOST = /sns\.[a-z]{2}(?:-[a-z]{2,12}){1,2}-\d{1,2}\.amazonaws\.com(?:\.cn)?/;
const ALARM = {
    line: "Alarm {name:Message.AlarmName}: {name:Message.NewStateValue}[, was {name:Message.OldStateValue}][, in {name:Message.Region}]",
    facts: [
        "[metric {name:Message.Trigger.Namespace}/{name:Message.Trigger.MetricName}][ of {name:Message.Trigger.Dimensions.*.value}][, {lower:Message.Trigger.Statistic}][, {name:Message.Trigger.ComparisonOperator} {number:Message.Trigger.Threshold}][, over {seconds:Message.Trigger.Period}]",
        "metrics {name:Message.Trigger.Metrics.*.MetricStat.Metric.MetricName}",
        "[rule {long:Message.AlarmRule}][, children {name:Message.TriggeringChildren.*.Arn}]",
        "[account {id:Message.AWSAccountId}][, since {time:Message.StateChangeTime}]",
    ],
    quotes: { description: "Message.AlarmDescription", reason: "Message.NewStateReason" },
    meta: { alarm: "name:Message.AlarmName", region: "name:Message.Region" },
    entity: "alarm {name:Message.AlarmName}[ in {name:Message.Region}]",
    stateOf: [
        "Message.AlarmArn|Message.AlarmName",
        "Message.AWSAccountId|TopicArn",
        "Message.Region|TopicArn",
    ],
    stateName: "alarm",
    status: { at: "Message.NewStateValue", open: ["alarm"], closed: ["ok"] },
    severity: ["Message.NewStateValue"],
    low: ["ok"],
    // Without a region the console opens the last one that was looked at; the region stands in the text.
    links: [
        "https://console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/{exact:Message.AlarmName}",
    ],
    at: ["Message.StateChangeTime", "Timestamp"],
};
const BRIDGED_STATE = "Message.detail.state|Message.detail.status|Message.detail.build-status|Message.detail.completed-phase-status|Message.detail.scan-status|Message.detail.lastStatus|Message.detail.result|Message.detail.StatusCode|Message.detail.eventName|Message.detail.newEvaluationResult.complianceType|Message.StatusCode";
/** An event of EventBridge: what it is about is its first resource. */
const toBridged = (row) => ({
    facts: ["account {id:Message.account}"],
    at: ["Message.time", "Timestamp"],
    ...row,
});
const toMailed = (did, row) => ({
    line: `SES: ${did}`,
    facts: [
        "[type {name:Message.bounce.bounceType}][, {name:Message.bounce.bounceSubType}][, {name:Message.complaint.complaintFeedbackType}][, {size:Message.mail.destination} recipients]",
    ],
    quotes: {
        subject: "Message.mail.commonHeaders.subject",
        answer: "Message.bounce.bouncedRecipients.*.diagnosticCode",
    },
    at: ["Message.bounce.timestamp", "Message.complaint.timestamp", "Message.mail.timestamp"],
    ...row,
});
export const sender = defineSender({
    kind: "sns",
    title: "AWS SNS",
    description: "CloudWatch alarms, EventBridge events, SES bounces and any message of a topic",
    aliases: ["cloudwatch", "aws"],
    schemes: ["sns"],
    ownSchemes: {
        sns: {
            title: "AWS SNS",
            algorithm: "sns",
            encoding: "base64",
            signed: "sns",
            certificateHost: HOST,
            // The credential is the topic's ARN: anybody's topic has a genuine signature.
            key: { encoding: "text", prefix: "", minBytes: 1 },
            proof: { header: "x-amz-sns-message-type", prefix: "", separator: "" },
            // A message is sent again for up to an hour, with the time of its first attempt.
            timestamp: { body: "Timestamp", unit: "iso", windowMs: 3_900_000 },
            deliveryId: "none",
        },
    },
    secretPrompt: "the topic's ARN, such as arn:aws:sns:us-east-1:123456789012:alerts (AWS console > SNS > Topics)",
    handshakes: [
        {
            when: { Type: "SubscriptionConfirmation", SubscribeURL: "*" },
            code: "subscribed",
            confirm: { url: "SubscribeURL", host: HOST },
        },
    ],
    // Its JSON comes as text/plain.
    isJson: true,
    unwrap: { Message: "Message" },
    id: "MessageId",
    event: [
        "Type",
        "Message.NewStateValue|Message.detail-type|Message.notificationType|Message.eventType|Message.Records.0.eventName|Message.Event Source|Message.Event",
    ],
    common: { at: ["Timestamp"] },
    events: {
        "Notification.ALARM": ALARM,
        "Notification.OK": ALARM,
        "Notification.INSUFFICIENT_DATA": ALARM,
        "Notification.CodePipeline_Pipeline_Execution_State_Change": toBridged({
            line: "Pipeline {name:Message.detail.pipeline}: {name:Message.detail.state}[, in {name:Message.region}]",
            quotes: {
                "failed actions": {
                    of: "Message.additionalAttributes.failedActions",
                    line: "{action}[: {additionalInformation}]",
                },
            },
            entity: "pipeline {name:Message.detail.pipeline}",
            stateOf: ["Message.account", "Message.region", "Message.detail.pipeline"],
            status: { at: "Message.detail.state" },
            running: {
                path: "Message.detail.state",
                words: ["STARTED", "RESUMED", "STOPPING", "SUPERSEDED"],
            },
            severity: ["Message.detail.state"],
            low: ["started", "resumed", "stopping", "superseded"],
        }),
        "Notification.CodeBuild_Build_State_Change": toBridged({
            line: "Build of {name:Message.detail.project-name}: {name:Message.detail.build-status}[, in {name:Message.region}]",
            facts: [
                "[phase {name:Message.detail.current-phase}][, started by {name:Message.detail.additional-information.initiator}][, source {name:Message.detail.additional-information.source-version}]",
                "failed phases: {name:Message.detail.additional-information.phases.*(phase-status=FAILED).phase-type}",
            ],
            entity: "build of {name:Message.detail.project-name}",
            stateOf: [
                "Message.account",
                "Message.region",
                "Message.detail.project-name",
                "Message.detail.additional-information.source-version|Message.detail.project-name",
            ],
            status: { at: "Message.detail.build-status" },
            running: { path: "Message.detail.build-status", words: ["IN_PROGRESS"] },
            severity: ["Message.detail.build-status"],
            severities: { stopped: "warning", fault: "error" },
            low: ["in_progress"],
            links: ["Message.detail.additional-information.logs.deep-link"],
        }),
        "Notification.CloudWatch_Alarm_State_Change": toBridged({
            line: "Alarm {name:Message.detail.alarmName}: {name:Message.detail.state.value}[, was {name:Message.detail.previousState.value}][, in {name:Message.region}]",
            quotes: {
                description: "Message.detail.configuration.description",
                reason: "Message.detail.state.reason",
            },
            entity: "alarm {name:Message.detail.alarmName}[ in {name:Message.region}]",
            stateOf: [
                "Message.resources.0|Message.detail.alarmName",
                "Message.account",
                "Message.region",
            ],
            stateName: "alarm",
            status: { at: "Message.detail.state.value", open: ["alarm"], closed: ["ok"] },
            severity: ["Message.detail.state.value"],
            low: ["ok"],
        }),
        "Notification.ECS_Task_State_Change": toBridged({
            line: "ECS task of {name:Message.detail.group} is {name:Message.detail.lastStatus}[, in {name:Message.region}]",
            facts: [
                "[wanted {name:Message.detail.desiredStatus}][, {name:Message.detail.stopCode}][, exit codes {number:Message.detail.containers.*.exitCode}]",
            ],
            quotes: {
                "stopped because": "Message.detail.stoppedReason",
                containers: {
                    of: "Message.detail.containers",
                    line: "{name}[: {reason}][ (exit {exitCode})]",
                },
            },
            entity: "ECS {name:Message.detail.group}",
            severity: ["Message.detail.stopCode"],
            severities: { taskfailedtostart: "error", essentialcontainerexited: "warning" },
            normal: ["bad"],
            low: ["*"],
        }),
        "Notification.GuardDuty_Finding": toBridged({
            line: "GuardDuty finding {name:Message.detail.type}, severity {number:Message.detail.severity}[, in {name:Message.region}]",
            facts: ["[account {id:Message.account}][, {name:Message.detail.resource.resourceType}]"],
            quotes: { title: "Message.detail.title", description: "Message.detail.description" },
            severity: "error",
        }),
        "Notification.AWS_Health_Event": toBridged({
            line: "AWS Health: {name:Message.detail.eventTypeCode}[ of {name:Message.detail.service}][, in {name:Message.region}]",
            facts: [
                "[{name:Message.detail.statusCode}][, from {name:Message.detail.startTime}][ to {name:Message.detail.endTime}][, affected {name:Message.detail.affectedEntities.*.entityValue}]",
            ],
            quotes: { description: "Message.detail.eventDescription.*.latestDescription" },
            entity: "AWS Health {name:Message.detail.eventTypeCode}",
            severity: "warning",
        }),
        "Notification.Bounce": toMailed("a mail bounced", { severity: "warning" }),
        "Notification.Complaint": toMailed("a recipient complained", { severity: "warning" }),
        "Notification.Delivery": toMailed("a mail was delivered", { low: ["*"] }),
        "Notification.ObjectCreated": {
            line: "S3: {path:Message.Records.*.s3.object.key} {name:Message.Records.0.eventName} in {name:Message.Records.0.s3.bucket.name}",
            facts: [
                "[{size:Message.Records} objects][, {number:Message.Records.0.s3.object.size} bytes][, region {name:Message.Records.0.awsRegion}]",
            ],
            entity: "bucket {name:Message.Records.0.s3.bucket.name}",
            low: ["*"],
            at: ["Message.Records.0.eventTime", "Timestamp"],
        },
        Notification: {
            line: `{name:Message.detail-type|Message.Event Source|Message.eventType|Message.Event|=Message}[: {lower:${BRIDGED_STATE}}][, in {name:Message.region}] on topic {name:TopicArn}`,
            facts: [
                "[{name:Message.detail.pipeline|Message.detail.project-name|Message.detail.application|Message.detail.AutoScalingGroupName|Message.AutoScalingGroupName|Message.detail.repository-name|Message.detail.instance-id}][, stage {name:Message.detail.stage}][, action {name:Message.detail.action}][, phase {name:Message.detail.completed-phase}][, group {name:Message.detail.deploymentGroup}][, deployment {id:Message.detail.deploymentId}][, tag {name:Message.detail.image-tags.*|Message.detail.image-tag}][, {count:Message.detail.finding-severity-counts.CRITICAL} critical findings]",
            ],
            quotes: {
                subject: "Subject",
                message: "Message",
                why: "Message.detail.StatusMessage|Message.detail.reason|Message.StatusMessage|Message.Cause|Message.detail.Message",
                title: "Message.content.title",
                text: "Message.content.description|Message.Event Message",
            },
            rest: { message: "Message" },
            severity: [
                "Message.severity",
                "Message.level",
                "Message.detail.severity",
                "Message.detail.eventType",
                ...BRIDGED_STATE.split("|"),
                "Message.status",
            ],
            severities: { non_compliant: "warning", stopped: "warning" },
            links: ["Message.url", "Message.link", "Message.Identifier Link"],
        },
        UnsubscribeConfirmation: {
            line: "The subscription to topic {name:TopicArn} was ended: nothing more comes from it",
            facts: ["at {time:Timestamp}"],
            severity: "warning",
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "AWS console > SNS > Topics > your topic > Create subscription: Protocol HTTPS, Endpoint https://<your tunnel>{path}, leave Enable raw message delivery off",
        "Sluice confirms it within seconds: its status becomes Confirmed",
        "Topic > Publish message: sluice tail shows Notification. In CloudWatch, choose the topic as the alarm's notification, for In alarm and for OK",
    ],
    retries: "15 s for an answer; about 50 attempts within an hour after 5xx, 429 and timeouts, with the same MessageId; other 4xx are final",
    sources: [
        "https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html",
    ],
});
