import type { MappingMode } from '../mapping/mapping';
import type { Choice, Json, Operation, SettingRow } from './operation';

export type OutputMode = 'everyItem' | 'failedOnly' | 'summary';

/** The checked options of one run. */
export interface Settings {
	sendAs: 'single' | 'batch';
	batchSize: number;
	concurrency: number;
	/** Milliseconds from the start of a request to the last byte of its answer. */
	timeout: number;
	maxAttempts: number;
	/** Seconds of waiting for retries in one run. */
	maxWait: number;
	onRejectedBatch: 'isolate' | 'fail';
	retryUnknown: boolean;
	extraFields: 'ignore' | 'error' | 'send';
	unprovenRules: 'warn' | 'refuse' | 'ignore';
	maxAgeDays: number;
	output: OutputMode;
	includeInputFields: boolean;
	/** Whether to write counts into n8n's custom execution data. */
	executionData: boolean;
	preview: boolean;
	/** The expression that gives each item's key, unresolved; empty: no event is remembered. */
	rememberKey: string;
	/** How many keys are remembered, the newest ones. */
	rememberedKeys: number;
}

/** As users see the option that a run may name when it ends. */
export const LONGEST_WAIT = 'Longest Wait (Seconds)';

/** The label of the option that bounds the keys. */
export const REMEMBERED_KEYS = 'Remembered Keys';
/** The option that gives each item its key, and the one that sends what may be stored. */
export const REMEMBER_KEY = { name: 'rememberKey', label: 'Send Once per Key' };
export const RETRY_UNKNOWN = 'Repeat What May Be Stored';

const EXTRA_FIELDS: readonly Choice[] = [
	{ value: 'ignore', label: 'Ignore', help: 'Leave them out and say so after the run' },
	{ value: 'error', label: 'Refuse the Event', help: 'The event is invalid and is not sent' },
	{ value: 'send', label: 'Send', help: 'Send them as they are' },
];

/** The options of an operation, with its own defaults: the form, the check and the reference are made from this list. */
export function settingRows(operation: Operation): SettingRow[] {
	const { defaults, credential } = operation;
	const ofBatches: SettingRow[] = [
		{
			name: 'batchSize',
			label: 'Batch Size',
			help: 'Maximum number of events in one request',
			type: 'number',
			default: defaults.batchSize.default,
			min: 1,
			max: defaults.batchSize.max,
			changesBatches: true,
		},
		{
			name: 'onRejectedBatch',
			label: 'When a Batch Is Refused',
			help: 'What to do when the vendor refuses a whole batch without saying which event is wrong',
			type: 'options',
			default: defaults.onRejectedBatch,
			changesBatches: true,
			values: [
				{ value: 'fail', label: 'Fail the Batch', help: 'Report all its events as refused' },
				{
					value: 'isolate',
					label: 'Find the Bad Events',
					help: 'Send the events in smaller parts, so that only the bad ones fail',
				},
			],
		},
	];
	const rows: SettingRow[] = [
		...(operation.oneByOne ? [] : ofBatches),
		{
			name: 'concurrency',
			label: 'Concurrent Requests',
			help: 'Maximum number of requests at the same time',
			type: 'number',
			default: defaults.concurrency,
			min: 1,
			max: 10,
		},
		{
			name: 'timeout',
			label: 'Timeout (Ms)',
			help: 'Maximum time for one request and its whole answer, in milliseconds',
			type: 'number',
			default: defaults.timeout[defaults.sendAs],
			min: 1,
			max: 3_600_000,
		},
		{
			name: 'maxAttempts',
			label: 'Tries per Request',
			help: 'How many times to try one request, including the first time. A request is repeated only if the vendor cannot have stored it.',
			type: 'number',
			default: 3,
			min: 1,
			max: 10,
		},
		{
			name: 'maxWait',
			label: LONGEST_WAIT,
			help: 'Maximum seconds to wait for retries in one run. If more is needed, the run ends and the rest is reported as not attempted.',
			type: 'number',
			default: 300,
			min: 0,
			max: 86_400,
		},
		{
			name: 'retryUnknown',
			label: RETRY_UNKNOWN,
			help: 'Whether to also repeat requests that the vendor may have stored. An event may then count twice.',
			type: 'boolean',
			default: false,
		},
		{
			name: 'extraFields',
			label: 'Undocumented Names',
			help: 'What to do with names that the vendor does not document',
			type: 'options',
			default: defaults.extraFields,
			values: EXTRA_FIELDS.filter(({ value }) => value !== 'send' || defaults.additionalProperties),
		},
		{
			name: 'unprovenRules',
			label: 'Rules the Vendor Does Not Document',
			help: "What to do with an event that breaks a rule known only from the vendor's own code, or inferred",
			type: 'options',
			default: 'warn',
			values: [
				{ value: 'ignore', label: 'Ignore', help: 'Send the event and say nothing' },
				{ value: 'refuse', label: 'Refuse the Event', help: 'The event is invalid and is not sent' },
				{
					value: 'warn',
					label: 'Send and Warn',
					help: "Send the event and list the rules in 'delivery.warnings'",
				},
			],
		},
		{
			name: 'output',
			label: 'Output',
			help: 'What the node returns',
			type: 'options',
			default: 'everyItem',
			values: [
				{ value: 'everyItem', label: 'Every Item', help: 'One item for each input item, with its result' },
				{ value: 'failedOnly', label: 'Failed Items Only', help: 'Only the items that failed' },
				{ value: 'summary', label: 'Summary', help: 'One item with the number of events in each status' },
			],
		},
		{
			name: 'includeInputFields',
			label: 'Include Input Fields',
			help: "Whether to add the incoming item's fields to the output under 'input'",
			type: 'boolean',
			default: false,
		},
		{
			name: 'executionData',
			label: 'Save Counts in Execution Data',
			help: 'Whether to save the number of sent events, failed events and events with warnings with the execution, so that you can filter the executions list by them',
			type: 'boolean',
			default: true,
		},
		{
			name: 'preview',
			label: 'Preview Only',
			help: 'Whether to show the requests instead of sending them, with secrets masked',
			type: 'boolean',
			default: false,
		},
		{
			...REMEMBER_KEY,
			help: 'An expression that gives each event its own key, such as an order ID. An event whose key was sent before, also in another execution, is not sent again. Keys are kept as hashes in the database of n8n.',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.orderId }}',
			perItem: true,
			expressionOnly: true,
		},
		{
			name: 'rememberedKeys',
			label: REMEMBERED_KEYS,
			help: `How many keys '${REMEMBER_KEY.label}' remembers. The oldest are forgotten first.`,
			type: 'number',
			default: 10_000,
			min: 1,
			max: 100_000,
		},
		...(operation.options ?? []),
	];
	if (defaults.maxAgeDays !== undefined) {
		rows.push({
			name: 'maxAgeDays',
			label: 'Maximum Age in Days',
			help: 'Refuse events older than this many days, less one hour. Set 0 to switch the check off.',
			type: 'number',
			default: defaults.maxAgeDays,
			min: 0,
			max: 36_500,
		});
	}
	if (credential.app?.option) {
		rows.push({
			name: credential.app.option,
			label: credential.app.label,
			help: `Another ${credential.app.noun} of the same account, instead of the one in the credential`,
			type: 'string',
			default: '',
			perItem: true,
		});
	}
	return rows.sort((one, other) => one.label.localeCompare(other.label, 'en'));
}

/** Reads how items become events. Like Send As it holds for the whole run, so no expression may give it. */
export function readMappingMode(value: unknown = 'defineBelow'): MappingMode | { fault: string } {
	if (value === 'defineBelow' || value === 'autoMapInputData') return value;
	return { fault: "'Mapping Mode' must be defineBelow or autoMapInputData" };
}

/** Reads and checks the options. A value out of range is a fault, never clamped. */
export function readSettings(
	operation: Operation,
	sendAs: unknown,
	options: Json,
): { settings: Settings; all: Json } | { fault: string } {
	if (operation.oneByOne) return readRows(operation, 'single', options, ONE_BY_ONE);
	if (sendAs !== 'single' && sendAs !== 'batch') return { fault: "'Send As' must be single or batch" };
	return readRows(operation, sendAs, options, {});
}

/** Settings that an operation without batches does not offer. */
const ONE_BY_ONE: Pick<Settings, 'batchSize' | 'onRejectedBatch'> = { batchSize: 1, onRejectedBatch: 'fail' };

function readRows(
	operation: Operation,
	sendAs: 'single' | 'batch',
	options: Json,
	fixed: Partial<Settings>,
): { settings: Settings; all: Json } | { fault: string } {
	const all: Json = {};
	for (const row of settingRows(operation)) {
		const value = options[row.name] ?? defaultOf(row, operation, sendAs);
		const wrong = row.perItem ? expressionFault(row, value) : settingFault(row, value);
		if (wrong) return { fault: `'${row.label}' ${wrong}` };
		all[row.name] = value;
	}
	return { settings: { maxAgeDays: 0, ...fixed, ...all, sendAs } as unknown as Settings, all };
}

/** The settings by which events share a request, as one text: a refused batch is sent again if they are changed. */
export function batchingOf(operation: Operation, { sendAs }: Pick<Settings, 'sendAs'>, all: Json): string {
	const rows = settingRows(operation).filter(({ changesBatches }) => changesBatches);
	return JSON.stringify([sendAs, ...rows.map(({ name }) => all[name])]);
}

function defaultOf(row: SettingRow, operation: Operation, sendAs: 'single' | 'batch'): unknown {
	return row.name === 'timeout' ? operation.defaults.timeout[sendAs] : row.default;
}

/** With a fixed key every event would be a repeat of the first one. */
function expressionFault(row: SettingRow, value: unknown): string | undefined {
	if (row.type !== 'string' || !row.expressionOnly) return undefined;
	const text = typeof value === 'string' ? value.trim() : value;
	if (text === '' || (typeof text === 'string' && /^=.*\{\{.*\}\}/s.test(text))) return undefined;
	return 'must be an expression that gives each item its own key, such as {{ $json.orderId }}';
}

function settingFault(row: SettingRow, value: unknown): string | undefined {
	switch (row.type) {
		case 'number': {
			const inRange = Number.isInteger(value) && (value as number) >= row.min && (value as number) <= row.max;
			return inRange ? undefined : `must be a whole number from ${row.min} to ${row.max}`;
		}
		case 'options':
			return row.values.some((choice) => choice.value === value)
				? undefined
				: `must be one of ${row.values.map((choice) => choice.value).join(', ')}`;
		case 'boolean':
			return typeof value === 'boolean' ? undefined : 'must be true or false';
		case 'string':
			return typeof value === 'string' ? undefined : 'must be text';
	}
}
