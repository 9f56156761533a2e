/**
 * What each stage of a run costs an item, without n8n and without a network: a MyTracker custom event of ten fields through
 * the built package. `node bench/stages.mts [--json]`
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Bench } from 'tinybench';

import type * as BuiltCheck from '../../nodes/engine/check/check.ts';
import type * as BuiltLedger from '../../nodes/engine/delivery/ledger.ts';
import type * as BuiltExpressions from '../../nodes/engine/mapping/expressions/index.ts';
import type * as BuiltMapping from '../../nodes/engine/mapping/mapping.ts';
import type { Delivery } from '../../nodes/engine/report/outcome.ts';
import type * as BuiltPack from '../../nodes/engine/delivery/pack.ts';
import type * as BuiltRequest from '../../nodes/engine/delivery/request.ts';
import type * as BuiltPause from '../../nodes/engine/pause.ts';
import type * as BuiltReport from '../../nodes/engine/report/output.ts';
import type { Json, Operation } from '../../nodes/engine/operation/operation.ts';
import { root } from '../scripts/ensure-n8n.mts';

const load = createRequire(join(root, 'package.json'));
const fromEngine = <T,>(name: string): T => load(`./dist/nodes/engine/${name}.js`) as T;
const { Expressions } = fromEngine<typeof BuiltExpressions>('mapping/expressions/index');
const { createMapper } = fromEngine<typeof BuiltMapping>('mapping/mapping');
const { createChecker } = fromEngine<typeof BuiltCheck>('check/check');
const { Ledger } = fromEngine<typeof BuiltLedger>('delivery/ledger');
const { pack } = fromEngine<typeof BuiltPack>('delivery/pack');
const { payloadBytes } = fromEngine<typeof BuiltRequest>('delivery/request');
const { createPause } = fromEngine<typeof BuiltPause>('pause');
const { outputItems } = fromEngine<typeof BuiltReport>('report/output');
const { operations } = load('./dist/index.js') as { operations: readonly Operation[] };

const ITEMS = 1_000;
const account = { appId: '666' };
const TARGET = {
	baseUrl: 'https://localhost',
	account,
	credential: { data: {}, baseUrl: 'https://localhost', fields: account, secrets: [] },
	id: '1',
};

const operation = operations.find(({ name }) => name === 'myTrackerCustomEvent');
if (!operation) throw new Error('The package is not built: run `npm run build` first.');

const now = Date.now();
const items: Json[] = Array.from({ length: ITEMS }, (_, at) => ({
	customUserId: `user-${at}`,
	customEventName: 'purchase',
	customEventParams: { sku: `sku-${at}`, price: '19.90' },
	idGender: String(at % 3),
	age: 18 + (at % 60),
	eventTimestamp: Math.floor(now / 1_000) - at,
	instanceId: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
	ipv4: `203.0.113.${at % 256}`,
	connectionType: 2,
	userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
}));

const path = (name: string) => `={{ $json.${name} }}`;
const paths = (names: string[]) => Object.fromEntries(names.map((name) => [name, path(name)]));
const TEN_FIELDS: Json = {
	...paths(['customUserId', 'customEventName']),
	customEventParamsMode: 'pairs',
	customEventParams: {
		pair: [
			{ name: 'sku', value: path('customEventParams.sku') },
			{ name: 'price', value: path('customEventParams.price') },
		],
	},
	common: paths(['idGender', 'age', 'eventTimestamp', 'ipv4', 'connectionType']),
	mobileApps: paths(['instanceId']),
	websites: paths(['userAgent']),
};

const form = operation.batch;
const mapper = (mode: 'autoMapInputData' | 'defineBelow') =>
	createMapper(operation, {
		mode,
		inputField: '',
		parameters: mode === 'defineBelow' ? TEN_FIELDS : {},
		// n8n is asked once for each path; it must agree, or each item would be asked for.
		readerOf: new Expressions(agree).readerOf,
	});

function agree(parameter: string, index: number): unknown {
	const follow = (from: unknown, steps: string[]) =>
		steps.reduce<unknown>((value, step) => (value as Json)[step], from);
	const expression = String(follow(TEN_FIELDS, parameter.split(/[.[\]]+/).filter(Boolean)));
	return follow(items[index], expression.replace('={{ $json.', '').replace(' }}', '').split('.'));
}

const checker = createChecker(
	operation,
	{ zone: 'UTC', now, extraFields: 'ignore', unprovenRules: 'warn', maxListed: 20, all: {} },
	{ names: new Map(), pairs: new Set() },
);

function checked(event: Json): Json {
	const result = checker(event, 'app');
	if ('issues' in result) throw new Error(JSON.stringify(result.issues));
	return result.event;
}

function encoded(event: Json, index: number) {
	const result = form.encode(event, TARGET);
	if ('fault' in result) throw new Error(result.fault.message);
	return {
		...result,
		batchKey: `${TARGET.id}\n${result.batchKey}`,
		index,
		event,
		target: TARGET,
		bytes: Buffer.byteLength(result.text, 'utf8'),
	};
}

const packed = (prepared: ReturnType<typeof encoded>[]) =>
	pack(prepared, { maxEvents: 20, maxBytes: form.limit?.bytes ?? Infinity }, (item) =>
		form.envelope(item.event, TARGET),
	).batches;

const events = items.map((item) => checked(item));
const prepared = events.map(encoded);
const batches = packed(prepared);
const delivery = {
	status: 'accepted',
	method: 'customEventBatch',
	request: 1,
	attempts: 1,
	httpStatus: 200,
} as Delivery;
const reports = events.map((event, index) => ({ index, event, delivery, response: { message: 'Ok' } }));
const autoMap = mapper('autoMapInputData');
const mapFields = mapper('defineBelow');

const bench = new Bench({ time: 1_000, warmupTime: 500 });
bench.add('map: the item as it is', () => void items.map((item, index) => autoMap(item, index)));
bench.add('map: ten fields by plain paths', () => void items.map((item, index) => mapFields(item, index)));
bench.add('validate', () => void items.map((item) => checked(item)));
bench.add('encode', () => void events.map(encoded));
bench.add('pack', () => void packed(prepared));
bench.add('bytes of the requests', () => void batches.map((batch) => payloadBytes(batch)));
bench.add('ledger: sent and settled', () => {
	const ledger = new Ledger({}, 0, ITEMS, '');
	for (const [index, item] of items.entries()) ledger.identify(index, item);
	for (const [at, batch] of batches.entries()) {
		ledger.note(batch.items, 'sent', at + 1);
		ledger.note(batch.items, 'accepted', at + 1);
	}
});
bench.add(
	'report',
	async () =>
		void (await outputItems(
			reports,
			{ output: 'everyItem', includeInputFields: false },
			{ counts: {}, requests: 1, waitedSeconds: 0 },
			{ toErrorOutput: false, inputOf: () => ({}), pause: createPause() },
		)),
);
await bench.run();

const stages = bench.tasks.map(({ name, result }) => {
	if (!('latency' in result)) throw new Error(`The stage '${name}' failed`);
	// The median of the runs over all items, in microseconds an item.
	return { stage: name, microseconds: Number(((result.latency.p50 * 1_000) / ITEMS).toFixed(2)) };
});
const total = stages
	.filter(({ stage }) => stage !== 'map: ten fields by plain paths')
	.reduce((sum, { microseconds }) => sum + microseconds, 0);

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
if (values.json)
	console.log(JSON.stringify({ items: ITEMS, stages, total: Number(total.toFixed(2)) }, null, '\t'));
else {
	const width = Math.max(...stages.map(({ stage }) => stage.length));
	console.log(
		[
			'Microseconds an item (median), a MyTracker event of ten fields:\n',
			...stages.map(
				({ stage, microseconds }) => `${stage.padEnd(width)}  ${microseconds.toFixed(2).padStart(7)}`,
			),
		].join('\n'),
	);
	console.log(`${'all, the item as it is'.padEnd(width)}  ${total.toFixed(2).padStart(7)}`);
}
