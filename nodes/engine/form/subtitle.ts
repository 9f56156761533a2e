/**
 * The line under a node's name in the workflow: which event it sends, and whether it sends at all. `event` is an n8n
 * expression without braces, read where the fields are mapped in the form.
 */
export const subtitleOf = (event: string): string =>
	`={{ ($parameter["options"]?.["preview"] ? "preview only: " : "") + ($parameter["mappingMode"] === "autoMapInputData" ? "mapped automatically" : ${event}) }}`;

/** Of a node whose events have no name of their own. */
export const HOW_SENT = '$parameter["sendAs"] === "single" ? "one by one" : "in batches"';
