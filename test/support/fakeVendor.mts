/** A made-up vendor, as small as the engine allows, and the pieces by which the engine's parts are tested alone. */
import { readResponse } from '../../nodes/engine/delivery/response.ts';
import { deliver, type DeliveryResult } from '../../nodes/engine/delivery/delivery.ts';
import type { DeliveryPlan } from '../../nodes/engine/delivery/plan.ts';
import type { SendResult } from '../../nodes/engine/delivery/transport.ts';
import type { Destination } from '../../nodes/engine/account.ts';
import type { Status } from '../../nodes/engine/report/outcome.ts';
import { pack, type Batch, type Prepared } from '../../nodes/engine/delivery/pack.ts';
import { readSettings, type Settings } from '../../nodes/engine/operation/settings.ts';
import type {
	VendorResponse,
	Encoded,
	Field,
	HttpRequest,
	Json,
	Operation,
	ValueType,
	WireForm,
} from '../../nodes/engine/operation/operation.ts';
import { virtualClock } from './clock.mts';

export const FAKE_ENVELOPE = { prefix: '[', separator: ',', suffix: ']' };

const form = (method: string, envelope: typeof FAKE_ENVELOPE): WireForm => ({
	method: () => method,
	encode: (event) => ({ text: JSON.stringify(event), count: 1, batchKey: '' }),
	envelope: () => envelope,
	request: (payload, _event, { baseUrl, account }) => ({
		method: 'POST',
		url: `${baseUrl}/${method}?app=${account.appId}`,
		headers: { 'Content-Type': 'application/json' },
		body: payload.bytes(),
	}),
	limit: { bytes: 1_000, of: 'body', evidence: 'documented' },
});

/** A row of a table. */
export const row = (wire: string, type: ValueType, more: Partial<Field> = {}): Field => ({
	wire,
	label: wire[0].toUpperCase() + wire.slice(1),
	help: '',
	type,
	evidence: 'documented',
	...more,
});

export const toy: Operation = {
	name: 'toy',
	vendor: 'Toy',
	title: 'Toy',
	documentation: 'https://example.com',
	searchWords: {
		vendor: { english: 'Toy', russian: 'Toy', into: 'в Toy' },
		words: [],
		verb: 'send',
		things: { english: [], russian: [] },
	},
	searchHint: '',
	credential: {
		type: 'fakeVendorApi',
		label: 'Fake Vendor API',
		secrets: ['token'],
		app: { noun: 'app', field: 'appId', label: 'App ID', is: 'number', wire: 'idApp', option: 'appId' },
		required: ['token', 'appId', 'baseUrl'],
		authenticate: async (_, options) => options,
	},
	fields: [row('id', { kind: 'text' }, { required: true })],
	sections: [],
	rules: [],
	single: form('one', { prefix: '', separator: '', suffix: '' }),
	batch: form('many', FAKE_ENVELOPE),
	responses: {
		accepts: ({ status }) => status === 200,
		safeToRetry: (status) => status === 503,
		fatalScope: { 403: 'app' },
		advice: {
			401: 'look at the token',
			403: 'look at the token',
			404: 'look at the address',
			405: 'look at the address',
		},
		defaultAdvice: 'look at the event',
	},
	repeatIsSafe: (event) => event.safe === true,
	defaults: {
		sendAs: 'batch',
		batchSize: { default: 20, max: 1_000 },
		concurrency: 1,
		timeout: { single: 30_000, batch: 60_000 },
		onRejectedBatch: 'isolate',
		extraFields: 'ignore',
		additionalProperties: true,
		maxAgeDays: 7,
	},
	samples: [],
	limits: [],
};

export function settingsOf(
	options: Json = {},
	sendAs: 'single' | 'batch' = 'batch',
	operation = toy,
): Settings {
	const read = readSettings(operation, sendAs, options);
	if ('fault' in read) throw new Error(read.fault);
	return read.settings;
}

/** A place where events go. */
export function destination(
	account: Record<string, string> = { appId: '1' },
	{ baseUrl = 'https://fake.example', id = '1' } = {},
): Destination {
	const credential = { data: { ...account, baseUrl }, baseUrl, fields: account, secrets: [] };
	return { baseUrl, account, credential, id };
}

const TARGET = destination();

export function prepared(
	index: number,
	more: Partial<Encoded> & { event?: Json; target?: Destination } = {},
): Prepared {
	const event = more.event ?? { id: `i${index}` };
	const text = more.text ?? JSON.stringify(event);
	return {
		count: 1,
		batchKey: '1\n',
		target: TARGET,
		...more,
		index,
		event,
		text,
		bytes: Buffer.byteLength(text),
	};
}

export const preparedItems = (
	count: number,
	more: (index: number) => Parameters<typeof prepared>[1] = () => ({}),
): Prepared[] => Array.from({ length: count }, (_, index) => prepared(index, more(index)));

export const batchesOf = (items: Prepared[], size = 20): Batch[] =>
	pack(items, { maxEvents: size, maxBytes: Number.POSITIVE_INFINITY }, () => FAKE_ENVELOPE).batches;

/** What a vendor answers. */
export const answered = (status: number, text = '{}', headers: Json = {}): { response: VendorResponse } => ({
	response: readResponse(status, { 'content-type': 'application/json', ...headers }, text),
});

export const lost: SendResult = {
	failure: { mayHaveLeft: true, reason: 'the connection was lost', advice: 'check the network' },
};
export const refusedConnection: SendResult = {
	failure: { mayHaveLeft: false, reason: 'the connection was refused', advice: 'check the network' },
};

/** One try of a request as the toy vendor saw it. */
export interface Try {
	ids: string[];
	bytes: string;
	from: number;
	to?: number;
}

export interface ToyRun {
	result: DeliveryResult;
	tries: Try[];
	/** Statuses by index. */
	statuses: Status[];
	delivery: (index: number) => NonNullable<ReturnType<DeliveryResult['outcomes']['get']>>['delivery'];
	/** Most tries at one time. */
	mostAtOnce: number;
	clock: ReturnType<typeof virtualClock>;
	/** What the ledger was told: items by state. */
	noted: Map<string, number>;
}

export type Respond = (ids: string[], count: number) => SendResult | Promise<SendResult>;

export interface ToyOrder {
	items?: Prepared[];
	batches?: Batch[];
	options?: Json;
	sendAs?: 'single' | 'batch';
	respond: Respond;
	/** Milliseconds from the start of a try to its answer. */
	latency?: (count: number, ids: string[]) => number;
	signal?: AbortSignal;
	stopAtFailure?: boolean;
	random?: () => number;
	operation?: Operation;
	plan?: Partial<DeliveryPlan>;
}

/** Delivers batches to a vendor that answers as `respond` says, in virtual time. */
export async function deliverFake(order: ToyOrder): Promise<ToyRun> {
	const { options = {}, sendAs = 'batch', respond, latency = () => 10, operation = toy } = order;
	const settings = settingsOf(options, sendAs, operation);
	const batches = order.batches ?? batchesOf(order.items ?? [], sendAs === 'single' ? 1 : settings.batchSize);
	const clock = virtualClock({ random: order.random });
	const tries: Try[] = [];
	const noted = new Map<string, number>();
	let open = 0;
	let mostAtOnce = 0;
	const send = async ({ body }: HttpRequest): Promise<SendResult> => {
		const bytes = body?.toString() ?? '';
		const parsed = JSON.parse(bytes) as { id: string } | Array<{ id: string }>;
		const ids = [parsed].flat().map(({ id }) => id);
		const one: Try = { ids, bytes, from: clock.elapsed() };
		const count = tries.push(one);
		mostAtOnce = Math.max(mostAtOnce, ++open);
		await clock.sleep(latency(count, ids), order.signal);
		open--;
		one.to = clock.elapsed();
		return order.signal?.aborted ? { cancelled: true } : await respond(ids, count);
	};
	const plan: DeliveryPlan = {
		operation,
		settings,
		form: operation[sendAs],
		send,
		clock,
		pause: { ifDue: async () => {} },
		signal: order.signal,
		mask: (text) => text,
		ledger: {
			note: (items, state) => void noted.set(state, (noted.get(state) ?? 0) + items.length),
			report: () => {},
		},
		requestsBefore: 0,
		stopAtFailure: order.stopAtFailure === true,
		...order.plan,
	};
	const result = await clock.drive(deliver(plan, batches));
	const indexes = batches
		.flatMap(({ items }) => items.map(({ index }) => index))
		.sort((one, other) => one - other);
	return {
		result,
		tries,
		clock,
		mostAtOnce,
		noted,
		statuses: indexes.map((index) => result.outcomes.get(index)?.delivery.status as Status),
		delivery: (index) => {
			const outcome = result.outcomes.get(index);
			if (!outcome) throw new Error(`Item ${index} has no outcome`);
			return outcome.delivery;
		},
	};
}
