/** The further methods on n8n's engine, against the sandbox: both mapping modes, both ways to send. */
import { describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { hintsOf, reportsOf, statusesOf } from '../../support/bench.mts';
import { bench, bodies, GOOD, PAYMENT_NODES, stored } from './support.mts';
import { fieldsOf, named, type Method } from './payments.mts';

/** A good value for each parameter beside those of events, in its wire form. */
const OWN: Record<string, unknown> = {
	idTransaction: 'заказ "1"',
	currency: 'RUB',
	total: 1999.9,
	order_id: '000919',
	status: 'REFUND',
	items: [
		{
			item_id: '00912',
			item_name: 'Яблоко "Антоновка"',
			quantity: '1.5',
			price: '349.9',
			affiliation: 'Tula',
			coupon: 'SUMMER',
			discount: '50',
			item_brand: 'Сад',
			item_category: 'Fruit',
			item_category2: 'Apples',
			item_category3: 'Russian',
			item_category4: 'Autumn',
			item_category5: 'Sour',
			item_variant: 'green',
			item_list_id: '7',
			item_list_name: 'Related',
			index: '1',
			tax: '20',
		},
		{ item_id: '00913', item_name: 'Pear', quantity: '1' },
	],
	currency_code: 'RUB',
	action_id: '2',
	coupon: 'AUTUMN',
	orderId: 'GPA.1234-5678-9012-34567',
	transactionId: '1234567890098765',
	transactionIdOriginal: '1234567890098764',
	productId: '001',
	price: 1.99,
	revenue: 0.99,
	priceCurrencyCode: 'USD',
	priceAmountMicros: 1_990_000,
	subscriptionId: 'monthly001',
	token: 'purchase-token-1',
	subscriptionPeriod: 'P1M',
	quantity: 2,
	paymentState: 1,
	isTrial: 0,
	isIntroductory: 1,
	startTimeMillis: 1_693_242_344_000,
	expiryTimeMillis: 4_102_444_800_000,
	tsPaymentOriginal: 1_577_191_920,
	tsPaymentExpires: 4_102_444_800,
};
const valueOf = (name: string): unknown => OWN[name] ?? GOOD[name];

interface Case {
	node: string;
	/** What decides the method. */
	parameters: INodeParameters;
	/** The least item, in the vendor's names. */
	item: IDataObject;
	/** Each makes the item invalid: the field that is told. */
	invalid: Array<[more: IDataObject, field: string]>;
}

const BAD_REVENUE: Case['invalid'] = [
	[{ idTransaction: '' }, 'idTransaction'],
	[{ idTransaction: 'я'.repeat(128) }, 'idTransaction'],
	[{ currency: 'rubles' }, 'currency'],
	[{ total: '-1' }, 'total'],
	[{ total: '1 999,90' }, 'total'],
];

const BAD_ORDER: Case['invalid'] = [
	[{ order_id: '' }, 'order_id'],
	[{ order_id: 'undefined' }, 'order_id'],
	[{ status: 'PAID' }, 'status'],
	[{ items: 'Apple' }, 'items'],
	[{ items: ['Apple'] }, 'items[0]'],
	[{ items: [{ item_id: '1', item_name: 'Apple', quantity: 'six' }] }, 'items[0].quantity'],
	[{ items: [{ item_id: 1.5, item_name: 'Apple' }] }, 'items[0].item_id'],
];

const BAD_APP_STORE: Case['invalid'] = [
	[{ transactionId: '' }, 'transactionId'],
	[{ price: 0 }, 'price'],
	[{ price: '1,999' }, 'price'],
	[{ currency: 'US' }, 'currency'],
	[{ quantity: 1.5 }, 'quantity'],
];

const casesOf: Record<string, Case['invalid']> = {
	customRevenue: BAD_REVENUE,
	order: BAD_ORDER,
	googlePlayProductTransaction: [
		[{ orderId: null }, 'orderId'],
		[{ token: '' }, 'token'],
		[{ isVerified: 1 }, 'token'],
		[{ token: '', isVerified: 2 }, 'isVerified'],
		[{ revenue: -1 }, 'revenue'],
	],
	googlePlaySubscriptionTransaction: [
		[{ priceAmountMicros: '1.99' }, 'priceAmountMicros'],
		[{ priceCurrencyCode: 'dollar' }, 'priceCurrencyCode'],
		[{ subscriptionId: '' }, 'subscriptionId'],
		[{ paymentState: 3 }, 'paymentState'],
		[{ expiryTimeMillis: 'never' }, 'expiryTimeMillis'],
	],
	googlePlaySubscriptionToken: [
		[{ token: ' ' }, 'token'],
		[{ subscriptionPeriod: 'month' }, 'subscriptionPeriod'],
		[{ subscriptionPeriod: '' }, 'subscriptionPeriod'],
	],
	appStoreProductTransaction: BAD_APP_STORE,
	appStoreSubscriptionTransaction: [
		...BAD_APP_STORE,
		[{ transactionIdOriginal: '' }, 'transactionIdOriginal'],
		[{ isTrial: 2 }, 'isTrial'],
		[{ tsPaymentExpires: 1_577_191_920_000 }, 'tsPaymentExpires'],
	],
};

const caseOf = ({ method, operation, variant, least }: Method): Case => ({
	node: operation.name,
	parameters: variant ? { payment: variant } : {},
	item: least as IDataObject,
	invalid: casesOf[method],
});

test('each operation is here', () => {
	expect(new Set(named.map(([, { operation }]) => operation.name))).toEqual(
		new Set(Object.values(PAYMENT_NODES)),
	);
});

describe.each(named)('%s', (name, method) => {
	const { node, parameters, item, invalid } = caseOf(method);
	const run = async (
		items: IDataObject[],
		more: { parameters?: INodeParameters; options?: INodeParameters; onError?: 'stopWorkflow' } = {},
	) => await bench.run({ node, items, ...more, parameters: { ...parameters, ...more.parameters } });

	test.each([
		['batch', `${name}Batch`],
		['single', name],
	])(
		'the form, sent as %s: fixed values, paths and other expressions give the same event',
		async (sendAs, as) => {
			const fields = fieldsOf(method);
			// Of the two the form test fills in the token.
			const names = fields.map(({ wire }) => wire).filter((wire) => wire !== 'isVerified');
			const event = Object.fromEntries(names.map((wire) => [wire, valueOf(wire)])) as IDataObject;
			const isList = (wire: string) => Array.isArray(event[wire]);
			const filled = (give: (wire: string) => unknown): INodeParameters => {
				const form: IDataObject = {};
				for (const { wire, section } of fields.filter((field) => names.includes(field.wire))) {
					if (section) ((form[section] ??= {}) as IDataObject)[wire] = give(wire) as string;
					else form[wire] = give(wire) as string;
				}
				return { mappingMode: 'defineBelow', sendAs, ...form } as INodeParameters;
			};
			const forms = [
				filled((wire) => (isList(wire) ? JSON.stringify(event[wire]) : String(event[wire]))),
				filled((wire) => `={{ $json.${wire} }}`),
				filled((wire) =>
					isList(wire) ? `={{ JSON.stringify($json.${wire}) }}` : `={{ $json["${wire}"].toString() }}`,
				),
				{ mappingMode: 'autoMapInputData', sendAs },
			];
			const sent: string[] = [];
			for (const form of forms) {
				// Google Play's payments are stored once.
				bench.sandbox.reset();
				const [{ delivery }] = reportsOf(await run([event], { parameters: form }), 1);
				expect(delivery).toMatchObject({ status: 'accepted', method: as });
				expect(delivery).not.toHaveProperty('warnings');
				expect(stored()).toEqual([event]);
				sent.push(...bodies());
			}
			expect(new Set(sent).size).toBe(1);
		},
	);

	test('bad items are told by their field, and every other one is sent', async () => {
		const items = invalid.flatMap(([more]) => [{ ...item, ...more }, item]);
		const reports = reportsOf(await run(items), items.length);
		for (const [at, [, field]] of invalid.entries()) {
			const { delivery } = reports[2 * at];
			expect(delivery).toMatchObject({ status: 'invalid', method: `${name}Batch` });
			expect(delivery.issues?.map((issue) => issue.field)).toEqual([field]);
			expect(reports[2 * at + 1].delivery.status).toBe('accepted');
		}
		expect(bench.sandbox.requests).toHaveLength(1);
		bench.sandbox.reset();
		const stopped = await run(items, { onError: 'stopWorkflow' });
		expect(stopped.error('Node')?.message).toMatch(/^Nothing was sent: /);
		expect(bench.sandbox.requests).toEqual([]);
	});

	test('21 are a batch of 20 and one of 1; a refused one does not affect the others', async () => {
		const items = Array.from({ length: 21 }, (_, at) => ({
			...item,
			customUserId: at === 7 ? 'sandbox-refuse' : `u${at}`,
			...uniqueIn(item, at),
		}));
		const reports = reportsOf(await run(items, { options: { concurrency: 1 } }), 21);
		expect(reports.map(({ delivery }) => delivery.status)).toEqual(
			items.map((_, at) => (at === 7 ? 'rejected' : 'accepted')),
		);
		expect(stored()).toHaveLength(20);
	});

	test('what nothing proves is sent with a warning, in the item and in one hint', async () => {
		const { customUserId: _, ...nobody } = item;
		const result = await run([nobody, item]);
		const [{ delivery }, other] = reportsOf(result, 2);
		expect(other.delivery).not.toHaveProperty('warnings');
		if (delivery.status === 'accepted') {
			expect(delivery.warnings).toMatchObject([{ field: 'customUserId' }]);
			expect(hintsOf(result).join('\n')).toContain('neither a user ID nor a device ID');
		} else expect(delivery).toMatchObject({ status: 'invalid', issues: [{ field: 'customUserId' }] });
	});

	test('the preview shows what would leave, and nothing leaves', async () => {
		const result = await run([item, { ...item, ...invalid[0][0] }], { options: { preview: true } });
		expect(bench.sandbox.requests).toEqual([]);
		const [{ json }, bad] = result.nodeOutputs('Node')[0];
		expect(bad.json.delivery).toMatchObject({ status: 'invalid' });
		await run([item]);
		expect(json.request).toMatchObject({ method: 'POST', body: bodies()[0] });
	});

	test('an item of the output goes in again as it came out', async () => {
		const [{ event }] = reportsOf(await run([item]), 1);
		bench.sandbox.reset();
		const again = await run([{ details: { event } }], { parameters: { inputField: 'details.event' } });
		expect(reportsOf(again, 1)[0]).toMatchObject({ event, delivery: { status: 'accepted' } });
	});

	test('a lost answer: no repeat unless a repeat is proven to count once', async () => {
		bench.sandbox.faults.push({ reset: 'afterStoring' });
		const isSafe =
			method.operation.repeatIsSafe !== undefined && name.startsWith('googlePlay') && !name.endsWith('Token');
		expect(statusesOf(await run([item]), 1)).toEqual([isSafe ? 'accepted' : 'unknown']);
		expect(stored()).toHaveLength(1);
	});
});

/** Google Play drops a transaction that it has. */
const uniqueIn = (item: IDataObject, at: number): IDataObject =>
	'orderId' in item ? { orderId: `o-${at}` } : {};

test('products of an order as rows: fixed values, expressions, those of the collection, empty rows', async () => {
	const parameters = (row: INodeParameters[]): INodeParameters => ({
		mappingMode: 'defineBelow',
		customUserId: 'ann',
		order_id: '={{ $json.number }}',
		status: '={{ $json.state }}',
		itemsRows: { row },
	});
	const result = await bench.run({
		node: PAYMENT_NODES.order,
		items: [{ number: '000919', state: 'PAY', line: { sku: '00912', name: 'Apple', sum: 39.9 * 3 } }],
		parameters: parameters([
			{
				item_id: '={{ $json.line.sku }}',
				item_name: '={{ $json.line.name }}',
				quantity: '6',
				price: '={{ $json.line.sum }}',
				more: { item_variant: 'green', tax: '={{ 10 + 10 }}', coupon: '' },
			},
			{ item_id: '', item_name: '', quantity: '', price: '', more: {} },
			{ item_id: '00913', item_name: 'Pear', quantity: '', price: '', more: {} },
		]),
	});
	const [{ delivery }] = reportsOf(result, 1);
	// The sum has digits that only binary arithmetic has made.
	expect(delivery).toMatchObject({ status: 'accepted', warnings: [{ field: 'items[0].price' }] });
	expect(stored()).toEqual([
		{
			customUserId: 'ann',
			order_id: '000919',
			status: 'PAY',
			items: [
				{
					item_id: '00912',
					item_name: 'Apple',
					quantity: '6',
					price: '119.7',
					item_variant: 'green',
					tax: '20',
				},
				{ item_id: '00913', item_name: 'Pear' },
			],
		},
	]);
	// Boxes that nobody filled in are no matter for a hint.
	expect(hintsOf(result).filter((hint) => !hint.includes('warnings'))).toEqual([
		"Empty rows were left out: 'Products'.",
	]);
});

test('an order that lacks what only the browser page requires is sent with warnings', async () => {
	const run = async (items: unknown) =>
		reportsOf(
			await bench.run({
				node: PAYMENT_NODES.order,
				items: [
					{ customUserId: 'ann', order_id: '1', ...(items === undefined ? {} : { items }) } as IDataObject,
				],
			}),
			1,
		)[0].delivery;
	// The sandbox is stricter than our reading of the page.
	expect(await run(undefined)).toMatchObject({ warnings: [{ field: 'items' }], method: 'orderBatch' });
	expect(await run([])).toMatchObject({ warnings: [{ field: 'items' }] });
	expect(await run([{ item_id: '1' }])).toMatchObject({
		warnings: [{ field: 'items[0].item_name', message: expect.stringContaining('Products, line 1') }],
	});
	expect((await run([{ item_id: '1', item_name: 'Apple', quantity: 0.5 }])).warnings).toEqual([
		{
			field: 'items[0].quantity',
			message: "Products, line 1: 'Quantity' (quantity) must be at least 1, not 0.5",
		},
	]);
});

test('an order written flat, as forms and spreadsheets have it', async () => {
	const items: IDataObject[] = [
		{ customUserId: 'ann', order_id: '1', 'items[0].item_id': 'a', 'items[0].item_name': 'Apple' },
		{ customUserId: 'ann', order_id: '2', 'items[0][item_id]': 'a', 'items[0][item_name]': 'Apple' },
	];
	const reports = reportsOf(await bench.run({ node: PAYMENT_NODES.order, items }), 2);
	expect(reports.map(({ delivery }) => delivery.status)).toEqual(['accepted', 'accepted']);
	expect(stored().map((event) => event.items)).toEqual(
		[1, 2].map(() => [{ item_id: 'a', item_name: 'Apple' }]),
	);
});

describe('store payments, several kinds in one run', () => {
	const parameters = { payment: '={{ $json.kind }}' };
	const node = PAYMENT_NODES.storePayment;
	const stores = named.filter(([, { operation }]) => operation.name === node);

	test('each item goes to the method of its own kind, in requests of one method each', async () => {
		const kinds = stores.flatMap(([kind, { least }]) =>
			[0, 1].map((at) => ({ ...least, ...uniqueIn(least as IDataObject, at), kind })),
		);
		const items = [
			...kinds.filter((_, at) => at % 2 === 0),
			...kinds.filter((_, at) => at % 2 === 1),
		] as IDataObject[];
		const reports = reportsOf(await bench.run({ node, items, parameters }), items.length);
		expect(reports.map(({ delivery }) => [delivery.status, delivery.method])).toEqual(
			items.map(({ kind }) => ['accepted', `${String(kind)}Batch`]),
		);
		expect(bench.sandbox.requests.map(({ url }) => url.replace(/^.*v1\//, '')).sort()).toEqual(
			stores.map(([kind]) => `${kind}Batch/?idApp=666`).sort(),
		);
	});

	test('an unknown kind, or none, makes its item invalid, and no other', async () => {
		const kind = 'appStoreProductTransaction';
		const least = stores.find(([one]) => one === kind)?.[1].least;
		const kinds = ['steam', kind, '', null, undefined, 'App Store: Product'];
		const items = kinds.map((one) => ({ ...least, kind: one })) as IDataObject[];
		const reports = reportsOf(await bench.run({ node, items, parameters }), items.length);
		expect(reports.map(({ delivery }) => delivery.status)).toEqual(
			kinds.map((one) => (one === kind ? 'accepted' : 'invalid')),
		);
		for (const { delivery } of reports.filter((report) => report.delivery.status === 'invalid'))
			expect(delivery.issues).toEqual([
				{
					field: 'payment',
					message: expect.stringMatching(/^'Payment' must be one of appStoreProductTransaction, /),
				},
			]);
	});

	test('what another choice hides is not sent, and said', async () => {
		const result = await bench.run({
			node,
			items: [{}],
			parameters: {
				mappingMode: 'defineBelow',
				payment: 'googlePlaySubscriptionToken',
				customUserId: 'ann',
				orderId: 'o-1',
				subscriptionId: 'monthly001',
				token: 't',
				subscriptionPeriod: 'P1M',
				isVerified: '1',
				price: '5',
			},
		});
		const [{ delivery }] = reportsOf(result, 1);
		expect(delivery).toMatchObject({
			status: 'accepted',
			warnings: [
				{ field: 'price', message: expect.stringContaining('hidden under Google Play: Subscription Token') },
				{ field: 'isVerified', message: expect.stringContaining('it was not sent') },
			],
		});
		expect(Object.keys(stored()[0]).sort()).toEqual([
			'customUserId',
			'orderId',
			'subscriptionId',
			'subscriptionPeriod',
			'token',
		]);
	});

	test('Google Play drops what it has: a batch whose answer was lost is sent again and counts once', async () => {
		const google = stores.find(([kind]) => kind === 'googlePlayProductTransaction');
		const items = [0, 1, 2].map((at) => ({ ...google?.[1].least, orderId: `o-${at}` })) as IDataObject[];
		bench.sandbox.faults.push({ reset: 'afterStoring' });
		const result = await bench.run({
			node,
			items,
			parameters: { payment: 'googlePlayProductTransaction' },
		});
		expect(reportsOf(result, 3).map(({ delivery }) => [delivery.status, delivery.attempts])).toEqual(
			items.map(() => ['accepted', 2]),
		);
		expect(bench.sandbox.requests).toHaveLength(2);
		expect(stored().map(({ orderId }) => orderId)).toEqual(['o-0', 'o-1', 'o-2']);
	});
});
