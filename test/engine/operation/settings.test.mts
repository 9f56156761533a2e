import { describe, expect, test } from '@jest/globals';

import { operations } from '../../../index.ts';
import {
	batchingOf,
	readMappingMode,
	readSettings,
	settingRows,
} from '../../../nodes/engine/operation/settings.ts';
import type { Operation } from '../../../nodes/engine/operation/operation.ts';
import { settingsOf, toy } from '../../support/fakeVendor.mts';

const faultOf = (options: Record<string, unknown>, sendAs: unknown = 'batch', operation: Operation = toy) => {
	const read = readSettings(operation, sendAs, options);
	return 'fault' in read ? read.fault : undefined;
};

test('what is not set has the default of the operation', () => {
	expect(settingsOf()).toMatchObject({
		sendAs: 'batch',
		batchSize: 20,
		concurrency: 1,
		timeout: 60_000,
		maxAttempts: 3,
		maxWait: 300,
		onRejectedBatch: 'isolate',
		retryUnknown: false,
		extraFields: 'ignore',
		maxAgeDays: 7,
		output: 'everyItem',
		includeInputFields: false,
		preview: false,
	});
	expect(settingsOf({}, 'single').timeout).toBe(30_000);
});

describe.each([...operations, toy].map((operation) => [operation.name, operation] as const))(
	'%s',
	(_, operation) => {
		for (const row of settingRows(operation)) {
			if (row.perItem) continue;
			if (row.type === 'number') {
				test(`${row.name}: a whole number from ${row.min} to ${row.max}, never clamped`, () => {
					for (const value of [row.min, row.max, row.default]) {
						expect(faultOf({ [row.name]: value }, 'batch', operation)).toBeUndefined();
						expect(settingsOf({ [row.name]: value }, 'batch', operation)).toMatchObject({
							[row.name]: value,
						});
					}
					for (const value of [
						row.min - 1,
						row.max + 1,
						row.min + 0.5,
						Number.NaN,
						Number.POSITIVE_INFINITY,
						String(row.min),
						'',
						true,
						[],
						{},
						'{{ 1 }}',
					]) {
						expect(faultOf({ [row.name]: value }, 'batch', operation)).toBe(
							`'${row.label}' must be a whole number from ${row.min} to ${row.max}`,
						);
					}
				});
			} else if (row.type === 'options') {
				test(`${row.name}: one of its values`, () => {
					for (const { value } of row.values)
						expect(settingsOf({ [row.name]: value }, 'batch', operation)).toMatchObject({
							[row.name]: value,
						});
					for (const value of ['', 'other', 1, true, '{{ "x" }}']) {
						expect(faultOf({ [row.name]: value }, 'batch', operation)).toBe(
							`'${row.label}' must be one of ${row.values.map((choice) => choice.value).join(', ')}`,
						);
					}
				});
			} else if (row.type === 'boolean') {
				test(`${row.name}: true or false`, () => {
					for (const value of [true, false])
						expect(settingsOf({ [row.name]: value }, 'batch', operation)).toMatchObject({
							[row.name]: value,
						});
					for (const value of ['true', 1, ''])
						expect(faultOf({ [row.name]: value }, 'batch', operation)).toContain('must be true or false');
				});
			}
		}

		test('sendAs is single or batch, or nothing asks for it', () => {
			if (operation.oneByOne) {
				const names = settingRows(operation).map(({ name }) => name);
				expect(names).not.toContain('batchSize');
				expect(names).not.toContain('onRejectedBatch');
				for (const value of ['', 'batch', 'single', null])
					expect(readSettings(operation, value, {})).toMatchObject({
						settings: { sendAs: 'single', batchSize: 1, onRejectedBatch: 'fail' },
					});
				return;
			}
			for (const value of ['', 'Batch', null, 1])
				expect(faultOf({}, value, operation)).toBe("'Send As' must be single or batch");
		});

		test('the options stand in the order of the alphabet, and each once', () => {
			const labels = settingRows(operation).map(({ label }) => label);
			expect(labels).toEqual([...labels].sort((one, other) => one.localeCompare(other, 'en')));
			const names = settingRows(operation).map(({ name }) => name);
			expect(new Set(names).size).toBe(names.length);
		});
	},
);

describe('the options of an operation', () => {
	const namesOf = (operation: Operation) => settingRows(operation).map(({ name }) => name);

	test('undocumented names may be sent only where the vendor tolerates them', () => {
		const send = (additionalProperties: boolean) =>
			faultOf({ extraFields: 'send' }, 'batch', {
				...toy,
				defaults: { ...toy.defaults, additionalProperties: additionalProperties },
			});
		expect(send(true)).toBeUndefined();
		expect(send(false)).toBe("'Undocumented Names' must be one of ignore, error");
	});

	test('an age is asked for where the vendor drops what is old; without it no age is checked', () => {
		const ageless = { ...toy, defaults: { ...toy.defaults, maxAgeDays: undefined } };
		expect([namesOf(toy).includes('maxAgeDays'), namesOf(ageless).includes('maxAgeDays')]).toEqual([
			true,
			false,
		]);
		expect(settingsOf({ maxAgeDays: 5 }, 'batch', ageless).maxAgeDays).toBe(0);
	});

	test('the app is read for each item, so nothing is said of it for the run', () => {
		const row = settingRows(toy).find(({ name }) => name === 'appId');
		expect(row).toMatchObject({ label: 'App ID', type: 'string', default: '', perItem: true });
		expect(faultOf({ appId: 5 })).toBeUndefined();
		expect(namesOf({ ...toy, credential: { ...toy.credential, app: undefined } })).not.toContain('appId');
	});

	test('one of its own is read beside the others', () => {
		const own: Operation = {
			...toy,
			options: [{ name: 'word', label: 'Word', help: '', type: 'string', default: 'x' }],
		};
		const read = (options: Record<string, unknown>) => readSettings(own, 'batch', options);
		expect(read({})).toMatchObject({ all: { word: 'x', batchSize: 20 } });
		expect(read({ word: 'y' })).toMatchObject({ all: { word: 'y' } });
		expect(read({ word: 5 })).toEqual({ fault: "'Word' must be text" });
	});

	test('a timeout that is set holds for both ways to send', () => {
		expect([
			settingsOf({ timeout: 5 }, 'single').timeout,
			settingsOf({ timeout: 5 }, 'batch').timeout,
		]).toEqual([5, 5]);
	});
});

describe("the contract's table of options", () => {
	const wanted: Record<
		string,
		{
			sendAs: string;
			batchSize: [number, number];
			concurrency: number;
			timeout: [number, number];
			rejected: string;
			extra: string;
		}
	> = {
		MyTracker: {
			sendAs: 'batch',
			batchSize: [20, 20],
			concurrency: 4,
			timeout: [30_000, 30_000],
			rejected: 'isolate',
			extra: 'ignore',
		},
		AppMetrica: {
			sendAs: 'batch',
			batchSize: [10_000, 100_000],
			concurrency: 1,
			timeout: [30_000, 120_000],
			rejected: 'fail',
			extra: 'ignore',
		},
		'Gravity Field': {
			sendAs: 'single',
			batchSize: [50, 500],
			concurrency: 1,
			timeout: [30_000, 30_000],
			rejected: 'fail',
			extra: 'send',
		},
		Vibetrace: {
			sendAs: 'single',
			batchSize: [50, 500],
			concurrency: 1,
			timeout: [30_000, 30_000],
			rejected: 'fail',
			extra: 'send',
		},
	};

	test.each(operations.map((operation) => [operation.name, operation] as const))(
		'%s',
		(_, { vendor, defaults }) => {
			const row = wanted[vendor];
			expect(defaults).toMatchObject({
				sendAs: row.sendAs,
				batchSize: { default: row.batchSize[0], max: row.batchSize[1] },
				concurrency: row.concurrency,
				timeout: { single: row.timeout[0], batch: row.timeout[1] },
				onRejectedBatch: row.rejected,
				extraFields: row.extra,
				additionalProperties: row.extra === 'send',
			});
		},
	);
});

describe('the mapping mode', () => {
	test.each([
		[undefined, 'defineBelow'],
		['defineBelow', 'defineBelow'],
		['autoMapInputData', 'autoMapInputData'],
	])('%j is %s', (value, mode) => {
		expect(readMappingMode(value)).toBe(mode);
	});

	test.each(['={{ $json.mode }}', '', 'json', null, 1, {}])('%j is refused', (value) => {
		expect(readMappingMode(value)).toEqual({
			fault: "'Mapping Mode' must be defineBelow or autoMapInputData",
		});
	});
});

describe('the settings by which events share a request', () => {
	const own = { label: 'Own', help: '', type: 'boolean', default: false } as const;
	const table: Operation = {
		...toy,
		options: [
			{ ...own, name: 'sharesMore', changesBatches: true },
			{ ...own, name: 'colour' },
		],
	};
	const of = (options: Record<string, unknown> = {}, sendAs: 'single' | 'batch' = 'batch') => {
		const read = readSettings(table, sendAs, options);
		if ('fault' in read) throw new Error(read.fault);
		return batchingOf(table, read.settings, read.all);
	};

	test.each([{ batchSize: 19 }, { onRejectedBatch: 'fail' }, { sharesMore: true }])(
		'%j is another one',
		(options) => {
			expect(of(options)).not.toBe(of());
		},
	);

	test('another Send As is another one', () => {
		expect(of({}, 'single')).not.toBe(of({}, 'batch'));
	});

	test.each([{ timeout: 9 }, { concurrency: 2 }, { retryUnknown: true }, { colour: true }])(
		'%j is not',
		(options) => {
			expect(of(options)).toBe(of());
		},
	);
});
